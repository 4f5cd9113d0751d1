import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import TestSupport
import Testing
import Training

/// Batches of which a method says what they hold.
@Suite("A training whose batches are drawn by classes")
struct BatchOrderTests {
  private struct Stop: Error {}
  private static let sampler: [String: OptionValue] = [
    "sampler": .text("class-uniform"), "images-per-class": .number(4),
  ]
  private static let labels = TinyData.splits.train.labels.map(Int.init)

  private func setup(_ training: TinyTraining, _ student: any Network, batch: Int = 16) throws -> MethodSetup {
    MethodSetup(
      student: student, teacher: try ModelCatalog.build(training.specification("resnet8"), seed: 5),
      initialiser: Initialiser(seed: 3), trainingLabels: Self.labels, batchSize: batch, place: "r.yaml:5:3")
  }

  private func methods(_ training: TinyTraining, _ options: [[String: OptionValue]], batch: Int = 16) throws
    -> [any DistillationMethod]
  {
    let setup = try setup(training, try training.network(), batch: batch)
    return try [MethodRegistry.make("kd", [:], setup)]
      + options.map { try MethodRegistry.make("correlation-congruence", $0, setup) }
  }

  @Test("has as many steps as another, each with whole classes, and all classes equally often")
  func steps() throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder)
      let program = RecordingProgram(try training.network())
      program.batchOrder = .classUniform(imagesPerClass: 4)
      var notes: [String] = []
      try training.run(program) { event in
        if case .note(let text) = event { notes.append(text) }
      }
      #expect(notes.isEmpty)
      #expect(program.recorded.count == 3 * 8)
      for step in program.recorded {
        #expect(Set(step.indices).count == 16 && step.labels == step.indices.map { Self.labels[$0] })
        let counts = Dictionary(grouping: step.labels) { $0 }.mapValues(\.count)
        #expect(counts.count == 4 && counts.values.allSatisfy { $0 == 4 })
      }
      let epochs = (0..<3).map { program.recorded[8 * $0..<8 * $0 + 8].flatMap(\.indices) }
      #expect(Set(epochs).count == 3)
      for epoch in epochs {
        // Eight steps of four classes: each of ten classes three times or four.
        let counts = (0..<10).map { label in epoch.count { Self.labels[$0] == label } / 4 }
        #expect(counts.allSatisfy { $0 == 3 || $0 == 4 })
      }
    }
  }

  @Test("shows the same batches to all terms, and goes on after a stop with the same bits", arguments: [[5], [8, 9]])
  func resumes(_ stops: [Int]) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder.appendingPathComponent("whole"))
      func program() throws -> JointProgram {
        let student = try training.network()
        let setup = try setup(training, student)
        let terms = try [("kd", [:]), ("correlation-congruence", Self.sampler)].map { name, options in
          JointProgram.Term(name: name, method: try MethodRegistry.make(name, options, setup), weight: 1)
        }
        return JointProgram(
          student: student, teacher: setup.teacher, terms: terms, makeOptimizer: training.settings.makeOptimizer)
      }
      let whole = try program()
      #expect(whole.batchOrder == .classUniform(imagesPerClass: 4))
      try training.run(whole)
      let expected = try Fingerprints.tensors(below: training.folder.url)
      training.folder = RunFolder(folder.appendingPathComponent("parts"))
      for count in stops {
        var left = count
        #expect(throws: Stop.self) {
          try training.run(try program()) { event in
            if case .step = event { left -= 1 }
            if left == 0 { throw Stop() }
          }
        }
      }
      try training.run(try program())
      #expect(try Fingerprints.tensors(below: training.folder.url) == expected)
      // The order of the images is what differs from a training without the option.
      training.folder = RunFolder(folder.appendingPathComponent("shuffled"))
      let student = try training.network()
      let plain = try setup(training, student)
      try training.run(
        JointProgram(
          student: student, teacher: plain.teacher,
          terms: try ["kd", "correlation-congruence"].map {
            JointProgram.Term(name: $0, method: try MethodRegistry.make($0, [:], plain), weight: 1)
          }, makeOptimizer: training.settings.makeOptimizer))
      #expect(try Fingerprints.tensors(below: training.folder.url) != expected)
    }
  }

  @Test("is refused where a batch is no whole number of classes")
  func indivisible() throws {
    try withTemporaryDirectory { folder in
      let error = #expect(throws: InputError.self) { try methods(TinyTraining(folder), [Self.sampler], batch: 18) }
      #expect(
        error?.description == "r.yaml:5:3: a batch of 18 images cannot be divided into classes of 4; "
          + "images-per-class must divide training.batch")
    }
  }

  @Test("is refused where two methods ask for different ones, not where one asks for none")
  func together() throws {
    try withTemporaryDirectory { folder in
      var other = Self.sampler
      let same = try methods(TinyTraining(folder), [other, other]).batchOrder(at: "cc")
      #expect(same == .classUniform(imagesPerClass: 4))
      other["images-per-class"] = .number(2)
      let error = #expect(throws: InputError.self) {
        try methods(TinyTraining(folder), [Self.sampler, other]).batchOrder(at: "cc")
      }
      #expect(
        error?.description
          == "cc: correlation-congruence and correlation-congruence ask for different batches; "
          + "give them the same images-per-class, or each a student of its own")
    }
  }

  @Test(
    "is refused of data of too few classes, or of a class with too few images",
    arguments: [
      (
        [0, 0, 1, 1, 2, 2], 3, 8,
        "cc: a batch of 8 takes 2 images of each of 4 classes, and there are 3; "
          + "raise images-per-class or lower training.batch"
      ),
      (
        [0, 0, 2, 2], 3, 4,
        "cc: class 1 has 0 training images, and a batch takes 2 of each class; "
          + "use sampler: shuffled, or data with images of every class"
      ),
      (
        [0, 0, 1, 1, 2], 3, 4,
        "cc: class 2 has 1 training image, and a batch takes 2 of each class; images-per-class can be 1"
      ),
      ([0, 0, 1, 1, 2, 2], 3, 6, nil),
    ] as [([Int], Int, Int, String?)])
  func data(_ labels: [Int], _ classes: Int, _ batch: Int, _ line: String?) {
    var found: String?
    do {
      try BatchOrder.classUniform(imagesPerClass: 2).require(labels, classes: classes, batch: batch, at: "cc")
    } catch {
      found = "\(error)"
    }
    #expect(found == line)
  }
}
