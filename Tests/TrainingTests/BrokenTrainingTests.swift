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
  private func failure(
    _ training: TinyTraining, _ program: any TrainingProgram, lastGood: Int,
    remedy: String = "lower the learning rate or set clip-norm"
  ) throws -> String {
    let error = #expect(throws: Divergence.self) { try training.run(program) }
    let line = try #require(error).description
    #expect(line.hasPrefix("\(training.folder.url.path): ") && !line.contains("\n"))
    #expect(
      line.hasSuffix("last good checkpoint: epoch-00\(lastGood).safetensors; \(remedy)"), "\(line)")
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
      let second = try failure(
        other, program, lastGood: 0, remedy: "lower the learning rate or the weight of kd or set clip-norm")
      #expect(
        second.contains(
          "term 'kd' is not a number at step 1 (epoch 1); first layer that is not finite: fc (weights of fc.bias) "
            + "of the teacher"),
        "\(second)")
    }
  }

  /// A method on tiny networks, with its stage where it has one.
  private func program(
    _ method: String, _ options: [String: OptionValue], weight: Float, _ training: TinyTraining,
    breaksTeacher: Bool = false
  ) throws -> any TrainingProgram {
    let (student, teacher) = (try training.network(), try ModelCatalog.build(training.specification("cnn4"), seed: 5))
    let setup = MethodSetup(
      student: student, teacher: teacher, initialiser: Initialiser(seed: 3),
      trainingLabels: TinyData.splits.train.labels.map(Int.init), batchSize: 16, place: "tiny")
    if breaksTeacher {
      let bias = teacher.namedParameters.last { $0.name.hasPrefix("bn") && $0.name.hasSuffix(".bias") }
      bias?.parameter.tensor.mutate { $0[0] = .infinity }
    }
    let made = try MethodRegistry.make(method, options, setup)
    let joint = JointProgram(
      student: student, teacher: teacher, terms: [.init(name: method, method: made, weight: weight)],
      clipNorm: training.settings.clipNorm.map(Float.init), makeOptimizer: training.settings.makeOptimizer)
    guard made.preparation != nil else { return joint }
    return PreparedProgram(joint, stepsPerEpoch: 8, makeOptimizer: training.settings.makeOptimizer)
  }

  @Test(
    "in a method's own stage names method and stage, and what can be changed there",
    arguments: [
      ("fsp", ["flow-epochs": OptionValue.number(3)], 1e20, "fsp flows", "lower training.learning-rate"),
      (
        "factor-transfer", ["paraphraser-epochs": .number(3)], 0.05, "factor-transfer paraphraser",
        "lower the stage's learning rate, an option of factor-transfer,"
      ),
    ])
  func stage(
    _ method: String, _ options: [String: OptionValue], _ rate: Double, _ term: String, _ remedy: String
  ) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.settings.schedule = LearningRateSchedule(base: rate, shape: .constant)
      let line = try failure(
        training, try program(method, options, weight: 1, training, breaksTeacher: rate < 1), lastGood: 0,
        remedy: "\(remedy) or set clip-norm")
      #expect(line.contains("loss term '\(term)' ") && line.contains(" (epoch 1); "), "\(line)")
    }
  }

  /// The flow's gradient grows with the third power of the features: at the paper's weight it is the size of the step that
  /// breaks a training, not the loss.
  @Test(
    "of flows names the method and its weight, and goes on with a smaller step or clipped",
    arguments: [(0.05, 5000, nil, true), (0.00005, 5000, nil, false), (0.05, 5000, 1.0, false)]
      as [(Double, Float, Double?, Bool)])
  func flows(_ rate: Double, _ weight: Float, _ clip: Double?, _ breaks: Bool) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.settings.clipNorm = clip
      training.settings.schedule = LearningRateSchedule(base: rate, shape: .constant)
      let program = try program("fsp", ["stages": .text("joint")], weight: weight, training)
      guard breaks else {
        let history = try training.run(program)
        let losses = history.epochs.compactMap { $0.terms[1] }
        #expect(losses.count == 3 && losses[2] < losses[0], "\(losses)")
        return
      }
      let line = try failure(
        training, program, lastGood: 1, remedy: "lower the learning rate or the weight of fsp or set clip-norm")
      #expect(line.contains("fsp' "), "\(line)")
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
