import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import TestSupport
import Testing
import Training

@Suite("Networks that learn beside the student")
struct ParticipantTests {
  private struct Stop: Error {}

  struct Scheme: CustomTestStringConvertible, Sendable {
    let method: String
    let options: [String: OptionValue]
    let folders: [String: String]
    var testDescription: String { "\(method) \(options.keys.sorted())" }
  }

  private static let peers = OptionValue.list([.text("cnn2"), .text("resnet8")])
  static let schemes = [
    Scheme(method: "dml", options: [:], folders: ["peer-2": "cnn2"]),
    Scheme(method: "dml", options: ["peers": peers], folders: ["peer-2": "cnn2", "peer-3": "resnet8"]),
    Scheme(method: "dml", options: ["update": .text("sequential")], folders: ["peer-2": "cnn2"]),
    Scheme(method: "mean-teacher", options: ["ramp-up": .number(1)], folders: ["learner": "cnn2"]),
    Scheme(method: "mean-teacher", options: ["average-statistics": .flag(true)], folders: ["learner": "cnn2"]),
    Scheme(method: "rocket", options: ["share": .text("conv1")], folders: ["booster": "cnn4"]),
  ]

  private func program(_ training: TinyTraining, _ scheme: Scheme, weight: Float = 1) throws -> any TrainingProgram {
    let student = try training.network()
    let setup = MethodSetup(
      student: student, teacher: try ModelCatalog.build(training.specification("cnn4"), seed: 5),
      initialiser: Initialiser(seed: 3), trainingLabels: TinyData.splits.train.labels.map(Int.init), batchSize: 16,
      place: "tiny")
    let method = try #require(
      try MethodRegistry.make(scheme.method, scheme.options, setup) as? any ProgramMethod)
    return try method.program(
      ProgramFrame(student: student, labelWeight: 1, weight: weight, makeOptimizer: training.settings.makeOptimizer))
  }

  @Test(
    "have checkpoints, an evaluation and a place in the log, and go on after a stop with the same bits",
    arguments: schemes)
  func kept(_ scheme: Scheme) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder.appendingPathComponent("whole"))
      let history = try training.run(try program(training, scheme))
      let last = try #require(history.epochs.last)
      #expect(Dictionary(uniqueKeysWithValues: (last.others ?? []).map { ($0.role, $0.model) }) == scheme.folders)
      let labels = history.epochs.map { $0.terms[0] ?? 0 }
      #expect(labels[labels.count - 1] < labels[0])
      for (role, model) in scheme.folders {
        let place = RunFolder(training.folder.url.appendingPathComponent(role))
        #expect(place.epochs == training.folder.epochs)
        let read = try Checkpoint.read(place.checkpoint(epoch: last.epoch))
        #expect(read.network.specification.name == model && read.facts?.epoch.wholeEpoch == last.epoch)
        #expect(read.facts?.developmentAccuracy == last.others?.first { $0.role == role }?.developmentAccuracy)
        #expect(history.csv.contains("\(role) development accuracy"))
      }
      let whole = try Fingerprints.tensors(below: training.folder.url)
      training.folder = RunFolder(folder.appendingPathComponent("stopped"))
      var left = 13
      let first = try program(training, scheme)
      #expect(throws: Stop.self) {
        try training.run(first) { event in
          if case .step = event { left -= 1 }
          if left == 0 { throw Stop() }
        }
      }
      try training.run(try program(training, scheme))
      #expect(try Fingerprints.tensors(below: training.folder.url) == whole)
    }
  }

  @Test("whose weights are not those of the state are refused")
  func foreign() throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder)
      try training.run(try program(training, Self.schemes[0]))
      let peer = RunFolder(folder.appendingPathComponent("peer-2"))
      let last = try #require(peer.epochs.last)
      try FileManager.default.removeItem(at: peer.checkpoint(epoch: last))
      try FileManager.default.copyItem(at: peer.checkpoint(epoch: 0), to: peer.checkpoint(epoch: last))
      let error = #expect(throws: InputError.self) { try training.run(try program(training, Self.schemes[0])) }
      #expect(error?.description.contains("peer-2/epoch-") == true, "\(error?.description ?? "")")
    }
  }

  @Test("leave a student alone that asks nothing of them")
  func alone() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder.appendingPathComponent("alone"))
      let network = try training.network()
      try training.run(JointProgram(student: network, makeOptimizer: training.settings.makeOptimizer))
      let alone = try training.weights(epoch: training.settings.epochs)
      for scheme in Self.schemes[0...2] {
        training.folder = RunFolder(
          folder.appendingPathComponent("peers-\(scheme.options.count)-\(scheme.folders.count)"))
        try training.run(try program(training, scheme, weight: 0))
        #expect(try training.weights(epoch: training.settings.epochs) == alone, "\(scheme.testDescription)")
      }
    }
  }

  @Test("are followed at once by an average that keeps nothing, and slowly by one that keeps much")
  func averages() throws {
    try withTemporaryDirectory { folder in
      for (decay, isEqual) in [(0.0, true), (0.9, false)] {
        let training = TinyTraining(folder.appendingPathComponent("decay-\(decay)"))
        let scheme = Scheme(
          method: "mean-teacher", options: ["decay": .number(decay), "average-statistics": .flag(true)], folders: [:])
        try training.run(try program(training, scheme))
        let last = training.settings.epochs
        let learner = RunFolder(training.folder.url.appendingPathComponent("learner"))
        func values(_ folder: RunFolder) throws -> [[Float]] {
          try Checkpoint.read(folder.checkpoint(epoch: last)).network.namedParameters.map { $0.parameter.tensor.floats }
        }
        #expect(try (values(training.folder) == values(learner)) == isEqual)
      }
    }
  }
}
