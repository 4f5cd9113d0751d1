import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import TestSupport
import Testing
import Training

/// Batches with too few images for methods that compare them.
@Suite("A batch too small for a relation")
struct SmallBatchTests {
  private func setup(_ training: TinyTraining, _ student: any Network, batch: Int) throws -> MethodSetup {
    MethodSetup(
      student: student, teacher: try ModelCatalog.build(training.specification("resnet8"), seed: 5),
      initialiser: Initialiser(seed: 3), trainingLabels: [], batchSize: batch, place: "r.yaml:5:3")
  }

  @Test("is refused before the training, with the number that would be right", arguments: [("rkd", 2), ("lsp", 3)])
  func refused(_ name: String, _ fewest: Int) throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder)
      let student = try training.network()
      let error = #expect(throws: InputError.self) {
        try MethodRegistry.make(name, [:], setup(training, student, batch: fewest - 1))
      }
      #expect(
        error?.description
          == "r.yaml:5:3: \(name) compares the images of a batch, and training.batch is \(fewest - 1); "
          + "it needs at least \(fewest)")
      _ = try MethodRegistry.make(name, [:], setup(training, student, batch: fewest))
    }
  }

  @Test(
    "is spoken of once where an epoch ends in one, and only then",
    arguments: [
      (16, nil),
      (
        17,
        "the last step of each epoch has 1 of at least 2 images that a term compares: "
          + "it contributes nothing there"
      ),
    ] as [(Int, String?)])
  func noted(_ batch: Int, _ expected: String?) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.settings = TrainingSettings(
        epochs: 2, batch: batch, schedule: LearningRateSchedule(base: 0.01, shape: .constant), clipNorm: 5)
      let student = try training.network()
      let setup = try setup(training, student, batch: batch)
      let term = JointProgram.Term(name: "rkd", method: try MethodRegistry.make("rkd", [:], setup), weight: 1)
      let program = JointProgram(
        student: student, teacher: setup.teacher, terms: [term], clipNorm: 5,
        makeOptimizer: training.settings.makeOptimizer)
      var notes: [String] = []
      try training.run(program) { event in
        if case .note(let text) = event { notes.append(text) }
      }
      #expect(notes == [expected].compactMap { $0 })
    }
  }
}
