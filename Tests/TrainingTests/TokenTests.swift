import Datasets
import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing
import Training

@Suite("A training on tokens instead of images")
struct TokenTests {
  private let samples = TokenSamples(train: 240, heldOut: 120, seed: 5)
  private let settings = TrainingSettings(
    epochs: 6, batch: 16, schedule: LearningRateSchedule(base: 0.3, shape: .cosine), clipNorm: 5)

  private func network(_ width: Int, seed: UInt64) -> TokenNetwork {
    TokenNetwork(
      length: TokenSamples.length, vocabulary: TokenSamples.vocabulary, width: width, classes: 3, seed: seed)
  }

  private func program(
    _ student: TokenNetwork, from teacher: TokenNetwork?, by method: String?, _ options: [String: OptionValue] = [:]
  ) throws -> any TrainingProgram {
    let wanted = method.map { name in
      JointProgram.WantedTerm(name: name, weight: 1) { try MethodRegistry.make(name, options, $0) }
    }
    let terms = try JointProgram.terms(wanted.map { [$0] } ?? [], seed: 1) { _, initialiser in
      MethodSetup(
        student: student, teacher: teacher ?? student, initialiser: initialiser, trainingLabels: samples.labels,
        batchSize: settings.batch, place: "tokens")
    }
    return try terms.program(
      of: student, teacher: teacher,
      ProgramSettings(clipNorm: 5, stepsPerEpoch: 15, makeOptimizer: settings.makeOptimizer)
    ).program
  }

  @Test("learns from labels, and distils by kd, vectors and relations through the same trainer")
  func distils() throws {
    Threads.use(1)
    let teacher = network(32, seed: 1)
    let taught = try Trainer(program(teacher, from: nil, by: nil), on: samples, settings: settings, seed: 1).run()
    // Chance is a third.
    let best = try #require(taught.epochs.last?.developmentAccuracy)
    #expect(best > 0.7)
    for method in ["kd", "rkd", "pkt", "crd", "label-smoothing"] {
      let student = network(4, seed: 2)
      let options: [String: OptionValue] = method == "crd" ? ["negatives": .number(32)] : [:]
      let history = try Trainer(
        program(student, from: teacher, by: method, options), on: samples, settings: settings, seed: 1
      ).run()
      let accuracy = try #require(history.epochs.last?.developmentAccuracy)
      #expect(accuracy > 0.55, "\(method)")
    }
  }

  @Test("is refused for a network or a way of showing that does not fit")
  func refused() throws {
    Threads.use(1)
    let image = try ModelCatalog.build(ModelSpecification("cnn2", classes: 3, height: 16, width: 16), seed: 1)
    let program = JointProgram(student: image, makeOptimizer: settings.makeOptimizer)
    #expect(throws: InputError.self) { try Trainer(program, on: samples, settings: settings, seed: 1).run() }
    let (student, teacher) = (network(4, seed: 2), network(8, seed: 3))
    let strong = try self.program(student, from: teacher, by: "mlkd")
    #expect(throws: InputError.self) { try Trainer(strong, on: samples, settings: settings, seed: 1).run() }
  }

  @Test("tries every method: each trains a step, or says why it cannot", arguments: MethodRegistry.entries.map(\.name))
  func every(_ method: String) throws {
    Threads.use(1)
    let (student, teacher) = (network(4, seed: 2), network(8, seed: 3))
    let short = TokenSamples(train: 32, heldOut: 12, seed: 7)
    var settings = settings
    settings.epochs = 1
    do {
      let program = try program(student, from: teacher, by: method)
      let history = try Trainer(program, on: short, settings: settings, seed: 1).run()
      #expect(history.epochs.count == 1)
    } catch let error as InputError {
      #expect(error.description.contains(": "))
    }
  }
}
