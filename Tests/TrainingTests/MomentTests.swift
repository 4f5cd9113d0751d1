import Checkpoints
import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing
import Training

@Suite("A training told of moments inside of its epochs")
struct MomentTests {
  /// Remembers the weights after every step, and those at moments.
  private final class Watch: TrainingObserver {
    var program: (any TrainingProgram)?
    var steps: [[Float]] = []
    var moments: [(moment: Moment, weights: [Float])] = []

    static func weights(_ program: any TrainingProgram) -> [Float] {
      program.student.namedParameters.flatMap { $0.parameter.tensor.floats }
    }

    func step(_ done: Int, of stepsPerEpoch: Int, epoch: Int, _ names: [String], _ values: [Float]) {
      steps.append(program.map(Self.weights) ?? [])
    }

    func moment(_ moment: Moment, _ program: any TrainingProgram) { moments.append((moment, Self.weights(program))) }
  }

  @Test("has the weights of the nearest step there, and the same in the end")
  func weights() throws {
    Threads.use(1)
    let settings = TrainingSettings(epochs: 2, batch: 16, schedule: LearningRateSchedule(base: 0.05))
    func trained(_ moments: [Moment]) throws -> (watch: Watch, history: TrainingHistory) {
      let watch = Watch()
      let network = try ModelCatalog.build(ModelSpecification("cnn2", classes: 10, height: 16, width: 16), seed: 11)
      let program = JointProgram(student: network, makeOptimizer: settings.makeOptimizer)
      watch.program = program
      let trainer = Trainer(
        program, data: TinyData.splits, settings: settings, seed: 1, keepsStepDistances: true, moments: moments,
        observers: [watch])
      return (watch, try trainer.run())
    }
    let ((first, _), (second, history)) = (try trained([]), try trained([0.01, 0.5, 1, 1.25, 1.99]))
    #expect(first.steps == second.steps)
    let perEpoch = first.steps.count / 2
    // Ends of epochs are told of anyway.
    #expect(second.moments.map(\.moment) == [0.01, 0.5, 1.25, 1.99])
    for (moment, weights) in second.moments {
      let step = max(1, Int((moment.epochs * Double(perEpoch)).rounded()))
      #expect(weights == first.steps[step - 1], "\(moment)")
    }
    let ways = history.epochs.flatMap { $0.moments ?? [] }
    #expect(ways.map(\.moment) == second.moments.map(\.moment))
    let sums = ways.map { $0.distances.upTo.last ?? 0 } + [history.epochs[1].stepDistances?.upTo.last ?? 0]
    #expect(sums == sums.sorted() && sums[0] > 0)
  }

  @Test(
    "names its files so that they sort", arguments: [(0.125, "epoch-000.125"), (12.5, "epoch-012.5"), (7, "epoch-007")])
  func names(_ moment: Double, _ name: String) throws {
    try withTemporaryDirectory { folder in
      let file = RunFolder(folder).checkpoint(at: Moment(moment))
      #expect(file.lastPathComponent == "\(name).safetensors")
    }
  }
}
