import Analysis
import Datasets
import Models
import NeuralNetworks
import Tensors

/// Times entropy maps: the published procedure's arithmetic, and the solver with its error against long runs.
public struct EntropyBenchmark {
  /// What was measured.
  public struct Result: Sendable {
    /// Seconds for one image: 96 draws × 60 steps.
    public let sameWork: Durations
    /// Seconds for one image by the solver: all images' time over their number, measured repeatedly.
    public let solver: Durations
    /// Forward and backward passes of the solver for one image.
    public let solverPasses: Double
    /// Solver against the first long run.
    public let agreement: MapAgreement
    /// The second long run, from another start with other draws, against the first.
    public let references: MapAgreement
    /// Passes of a long run for one image.
    public let referencePasses: Double
    /// Images.
    public let images: Int
  }

  /// The published procedure for ResNets without its optional last steps: the work of the PyTorch script.
  static let publishedWork = PublishedSettings(extraSteps: 0, weight: 6)

  /// Images of the development split that are measured.
  public var images = 16
  /// Images that do the published procedure's work.
  public var sameWorkImages = 4
  /// Iterations of the long runs; draws are 64.
  public var referenceIterations = 200
  /// The solver under test.
  public var settings = EntropySettings(iterations: 24, scalingDraws: 192)

  /// The defaults.
  public init() {}

  /// Measures.
  ///
  /// - Parameters:
  ///   - network: trained, frozen.
  ///   - data: gives the images and δ².
  ///   - advanced: is told what is done, and may stop the work by throwing.
  /// - Returns: times, and errors against the long runs.
  /// - Throws: what `advanced` throws.
  public func run(
    _ network: any Network, _ data: DataSplits, _ advanced: (String, Double) throws -> Void
  ) throws -> Result {
    let point = FeaturePoint(network.lastStage.name)
    let probe = ProbeSet(data.development, count: images, grid: settings.grid)
    var sameWork = Durations()
    let descent = PublishedDescent(
      EntropyBenchmark.publishedWork,
      grid: CellGrid(
        rows: settings.grid, columns: settings.grid, height: data.development.height, width: data.development.width),
      deviation: data.normalization.std
    ) { network.feature(point, of: $0) }
    let maker = BatchMaker(data.development, normalization: data.normalization, augmentation: nil, seed: 0)
    var warmUp = descent
    warmUp.settings.steps = 3
    for (number, index) in probe.images.indices.prefix(sameWorkImages).enumerated() {
      try advanced("same work", Double(number) / Double(sameWorkImages))
      let image = maker.images([index])
      if number == 0 { _ = warmUp.map(of: image, random: Philox(seed: 5)) }
      sameWork.time { _ = descent.map(of: image, random: Philox(seed: 5)) }
    }
    func concepts(_ settings: EntropySettings, seed: UInt64, start: Double = 0.05) -> ConceptProbe {
      ConceptProbe(
        network, at: point, settings, development: data.development, normalization: data.normalization,
        random: Philox(seed: seed), start: start)
    }
    var times = Durations()
    var found: [EntropyMap] = []
    // The first run warms up; its maps are those of every run.
    for round in 0..<3 {
      var whole = Durations()
      let solver = concepts(settings, seed: 1)
      try whole.time { found = try solver.maps(of: probe) { try advanced("solver", $0) } }
      if round > 0 { times.add(whole.divided(by: Double(probe.images.indices.count))) }
    }
    let long = EntropySettings(
      distortion: settings.distortion, grid: settings.grid, iterations: referenceIterations, draws: 64,
      scalingDraws: 1024)
    let first = try concepts(long, seed: 2).maps(of: probe) { try advanced("long run", $0) }
    let second = try concepts(long, seed: 3, start: 0.2).maps(of: probe) { try advanced("second long run", $0) }
    let judge = concepts(settings, seed: 4)
    return Result(
      sameWork: sameWork, solver: times, solverPasses: settings.passes,
      agreement: MapAgreement(found, first, distortions: judge.distortions(of: found, probe, draws: 2048)),
      references: MapAgreement(second, first, distortions: judge.distortions(of: second, probe, draws: 2048)),
      referencePasses: long.passes, images: probe.images.indices.count)
  }
}
