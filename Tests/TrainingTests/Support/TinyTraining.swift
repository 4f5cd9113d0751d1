import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Training

/// A training of a few seconds at most, in a folder of its own.
struct TinyTraining {
  var model = "cnn2"
  var seed: UInt64 = 1
  var initialisation: UInt64 = 11
  var settings = TrainingSettings(epochs: 3, batch: 16, schedule: LearningRateSchedule(base: 0.05))
  var folder: RunFolder
  var recipe = "recipe"
  /// A second stage.
  var second: TrainingSettings?
  var keepsStepDistances = false

  init(_ folder: URL) { self.folder = RunFolder(folder) }

  /// A fresh network with its first weights.
  func network() throws -> any Network {
    try ModelCatalog.build(specification(model), seed: initialisation)
  }

  func specification(_ model: String) -> ModelSpecification {
    ModelSpecification(model, classes: 10, height: 16, width: 16)
  }

  /// The baseline's program.
  func baseline(_ network: (any Network)? = nil) throws -> JointProgram {
    JointProgram(
      student: try network ?? self.network(), clipNorm: settings.clipNorm.map(Float.init),
      makeOptimizer: settings.makeOptimizer)
  }

  /// A student's program: logits and a projected feature of an untrained ResNet-8.
  func student(gradientSteps: Int = 0) throws -> JointProgram {
    let (student, teacher) = (try network(), try ModelCatalog.build(specification("resnet8"), seed: 5))
    let setup = MethodSetup(
      student: student, teacher: teacher, initialiser: Initialiser(seed: 3), trainingLabels: (0..<120).map { $0 % 10 },
      batchSize: settings.batch, place: "tiny")
    let terms = [
      JointProgram.Term(name: "kd", method: try MethodRegistry.make("kd", [:], setup), weight: 0.5),
      JointProgram.Term(
        name: "feature-l2",
        method: try MethodRegistry.make("feature-l2", ["layers": .list([.text("conv2"), .text("layer2")])], setup),
        weight: 2),
    ]
    return JointProgram(
      student: student, teacher: teacher, labelWeight: 0.5, terms: terms, gradientSteps: gradientSteps,
      makeOptimizer: settings.makeOptimizer)
  }

  /// A student that learns features for `settings.epochs`, then the classifier behind them.
  func twoStage() throws -> TwoStageProgram {
    let (student, teacher) = (try network(), try ModelCatalog.build(specification("resnet8"), seed: 5))
    let setup = MethodSetup(
      student: student, teacher: teacher, initialiser: Initialiser(seed: 3), trainingLabels: (0..<120).map { $0 % 10 },
      batchSize: settings.batch, place: "tiny")
    let method = try MethodRegistry.make("feature-l2", ["layers": .list([.text("conv1"), .text("layer1")])], setup)
    let steps = (TinyData.splits.train.count + settings.batch - 1) / settings.batch
    return try TwoStageProgram(
      student: student, teacher: teacher, terms: [.init(name: "feature-l2", method: method, weight: 2)],
      featureSteps: steps * settings.epochs, clipNorm: settings.clipNorm.map(Float.init), at: "tiny",
      makeOptimizer: settings.makeOptimizer)
  }

  func trainer(_ program: any TrainingProgram, _ observer: (any TrainingObserver)? = nil) -> Trainer {
    // One thread: tests run beside each other, and the pool's spinning threads would slow them all down.
    Threads.use(1)
    let data = TinyData.splits
    let facts = CheckpointFacts(
      model: program.student.specification, role: "baseline", epoch: 0, data: "part-shapes",
      mean: data.normalization.mean, deviation: data.normalization.std, classes: data.train.classes, recipeHash: recipe)
    return Trainer(
      program, data: data, settings: settings, then: second, augmentation: data.augmentation, seed: seed,
      keepsStepDistances: keepsStepDistances,
      observers: [RunKeeper(folder, facts: facts)] + (observer.map { [$0] } ?? []))
  }

  /// Trains to the end and gives the log.
  @discardableResult
  func run(_ program: any TrainingProgram, _ tell: (Trainer.Event) throws -> Void = { _ in }) throws -> TrainingHistory
  {
    try trainer(program).run(tell)
  }

  /// The tensors of an epoch's checkpoint, by name.
  func weights(epoch: Int) throws -> [String: [Float]] {
    let file = try Safetensors.read(folder.checkpoint(epoch: epoch))
    return try Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, try $0.floats()) })
  }
}
