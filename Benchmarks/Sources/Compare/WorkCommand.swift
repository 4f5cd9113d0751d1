import ArgumentParser
import Experiments
import Foundation
import Workloads

/// One measurement of the engine in this process; prints one JSON document. What ``Children`` starts.
struct WorkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "One measurement of the engine, as JSON.", shouldDisplay: false)

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case train, inference, raw, methods, entropy, solver, products
  }

  @Argument(help: "What is measured.")
  var kind: Kind

  @Option(name: .long, help: "Timed steps, or repeats.")
  var steps: Int

  @Option(name: .long, help: "Images of entropy maps.")
  var images = 1

  @Option(name: .long, help: "A method whose step is timed; may be repeated.")
  var method: [String] = []

  @Option(name: .long, help: "Noise draws of a step.")
  var draws = 96

  @Option(name: .long, help: "Iterations of the long runs that the solver is held against.")
  var referenceIterations = 200

  @Option(name: .long, help: "A trained ResNet-20.")
  var checkpoint: String?

  @Option(name: .long, help: "Data set with masks.")
  var data = "part-shapes"

  func run() throws {
    switch kind {
    case .train, .raw: try write(training())
    case .inference: try write(inference())
    case .methods: try write(methods())
    case .entropy: try write(sameWork())
    case .solver: try write(solver())
    case .products: try write(ProductBenchmark.sizes.map { product($0) })
    }
  }

  private func write(_ result: some Encodable) throws {
    FileHandle.standardOutput.write(try JSONEncoder().encode(result))
  }

  private func training() -> TrainingResult {
    var benchmark = TrainingBenchmark()
    (benchmark.steps, benchmark.raw) = (steps, kind == .raw)
    let result = benchmark.run { _ in }
    let batch = Double(result.batch)
    return TrainingResult(
      imagesPerSecond: result.imagesPerSecond,
      direct: kind == .raw ? batch / result.direct.median : nil,
      winograd: kind == .raw ? batch / result.winograd.median : nil, peakAboveStart: Double(result.peakAboveStart),
      growth: Double(result.growth))
  }

  /// Images per second of the median run.
  private func inference() -> Double {
    var benchmark = InferenceBenchmark()
    (benchmark.images, benchmark.repeats) = (images, steps)
    return Double(images) / benchmark.run { _ in }.median
  }

  private func methods() throws -> [MethodResult] {
    var benchmark = MethodBenchmark()
    (benchmark.methods, benchmark.rounds) = (method, steps)
    return try benchmark.run { _, _ in }.map {
      MethodResult(method: $0.method, imagesPerSecond: Double(benchmark.batch) / $0.steps.median)
    }
  }

  private func sameWork() -> Double {
    var benchmark = SameWorkBenchmark()
    (benchmark.images, benchmark.steps, benchmark.draws) = (images, steps, draws)
    return benchmark.run().median
  }

  private func solver() throws -> SolverResult {
    let subject = try MeasuredNetwork(checkpoint: checkpoint, data: data, { _ in }, began: {})
    var benchmark = EntropyBenchmark()
    benchmark.images = images
    benchmark.sameWorkImages = 0
    benchmark.referenceIterations = referenceIterations
    benchmark.settings = .init(iterations: steps)
    let result = try benchmark.run(subject.network, subject.data) { _, _ in }
    return SolverResult(
      secondsPerImage: result.solver.median, passes: result.solverPasses, correlation: result.agreement.correlation,
      error: result.agreement.centredErrorOverSpread, logDistortionError: result.agreement.logDistortionError,
      referenceCorrelation: result.references.correlation, referencePasses: result.referencePasses,
      images: result.images, accuracy: subject.accuracy)
  }

  private func product(_ size: (rows: Int, columns: Int, inner: Int)) -> ProductResult {
    let result = ProductBenchmark.run(size, repeats: steps)
    return ProductResult(
      rows: size.rows, columns: size.columns, inner: size.inner, engine: result.rate(result.engine),
      library: result.rate(result.library), kernels: ProductBenchmark.kernels)
  }
}
