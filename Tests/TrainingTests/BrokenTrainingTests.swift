import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import TestSupport
import Testing
import Training

@Suite("A training whose loss is not a number")
struct BrokenTrainingTests {
  /// Runs into the failure, and checks that what is on disk is from before.
  private func failure(_ training: TinyTraining, _ program: any TrainingProgram, lastGood: Int) throws -> String {
    let error = #expect(throws: Divergence.self) { try training.run(program) }
    let line = try #require(error).description
    #expect(line.hasPrefix("\(training.folder.url.path): ") && !line.contains("\n"))
    #expect(
      line.hasSuffix("last good checkpoint: epoch-00\(lastGood).safetensors; lower the learning rate or set clip-norm"))
    #expect(training.folder.epochs == Array(0...lastGood))
    // Reading refuses weights that are not finite.
    for epoch in 0...lastGood { _ = try Checkpoint.read(training.folder.checkpoint(epoch: epoch)) }
    if lastGood == 0 {
      #expect(!FileManager.default.fileExists(atPath: training.folder.state.path))
    } else {
      let state = try Safetensors.read(training.folder.state)
      #expect(state.metadata["kdscope.history"]?.contains("\"epoch\":\(lastGood)") == true)
    }
    return line
  }

  @Test("stops and names term, layer, step and epoch", arguments: ["cnn2", "resnet8"])
  func rate(_ model: String) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.model = model
      training.settings.schedule = LearningRateSchedule(base: 1e30)
      let line = try failure(training, try training.baseline(), lastGood: 0)
      #expect(
        line.contains("loss term 'labels' ") && line.contains(" is not a number at step 2 (epoch 1); "), "\(line)")
      let layer = line.split(separator: "not finite: ")[1].prefix { $0 != " " && $0 != ";" }
      #expect(try training.network().probePoints.contains { $0.name == layer }, "\(line)")
    }
  }

  @Test("keeps the epochs from before")
  func later() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      // The rate rises by 10³⁰ at the start of the third epoch, step 17.
      training.settings.schedule = LearningRateSchedule(base: 0.01, shape: .multiStep(at: [2], factor: 1e30))
      let line = try failure(training, try training.baseline(), lastGood: 2)
      #expect(
        line.contains("loss term 'labels' ") && line.contains(" is not a number at step 18 (epoch 3); "), "\(line)")
    }
  }

  /// Two rates in double precision; the second one is infinite in single precision, and so are the weights then.
  @Test(
    "keeps no weights that broke in the last step of an epoch",
    arguments: [(3e38, "loss term 'labels' on the development split"), (1e39, "'conv1.weight'")])
  func lastStep(_ rate: Double, _ what: String) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.settings.batch = 120
      training.settings.schedule = LearningRateSchedule(base: rate)
      let line = try failure(training, try training.baseline(), lastGood: 0)
      #expect(
        line.contains(": \(what) is not a number after step 1 (epoch 1); first layer that is not finite: conv1"),
        "\(line)")
    }
  }

  @Test("names the layer whose weight exploded, and the term of a broken teacher")
  func blame() throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder.appendingPathComponent("student"))
      let network = try training.network()
      let weight = try #require(network.namedParameters.first { $0.name == "conv2.weight" })
      // Finite, so that the first checkpoint is good; it overflows in the first forward pass.
      weight.parameter.tensor.mutate { $0.update(repeating: 3e38) }
      let line = try failure(training, try training.baseline(network), lastGood: 0)
      // The loss stays finite, because a ReLU makes 0 of NaN; the gradient tells.
      #expect(
        line.contains("the gradient of loss term 'labels' to '")
          && line.contains("' is not a number at step 1 (epoch 1); ")
          && line.contains("; first layer that is not finite: conv2; "), "\(line)")

      let other = TinyTraining(folder.appendingPathComponent("teacher"))
      let (student, teacher) = (try other.network(), try other.network())
      teacher.trainableParameters.last?.tensor.mutate { $0[0] = .infinity }
      let setup = MethodSetup(
        student: student, teacher: teacher, initialiser: Initialiser(seed: 3),
        trainingLabels: (0..<120).map { $0 % 10 }, batchSize: 16, place: "tiny")
      let program = JointProgram(
        student: student, teacher: teacher,
        terms: [.init(name: "kd", method: try MethodRegistry.make("kd", [:], setup), weight: 1)],
        makeOptimizer: other.settings.makeOptimizer)
      let second = try failure(other, program, lastGood: 0)
      #expect(second.contains("term 'kd' is not a number at step 1 (epoch 1); first layer that is not finite: none"))
    }
  }

  @Test("is avoided by clipping the gradients")
  func clipped() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.settings.clipNorm = 1e-30
      training.settings.schedule = LearningRateSchedule(base: 1e28)
      training.settings.weightDecay = 0
      let history = try training.run(try training.baseline())
      #expect(history.epochs.count == 3)
    }
  }
}
