import Analysis
import Datasets
import Foundation
import Models
import NeuralNetworks
import Statistics
import Support
import Tensors

/// Entropy maps of checkpoints on the same images of a development split.
public struct MapProbe {
  /// What is measured.
  public struct Question {
    /// Name of a probe point; nil takes each network's last stage.
    public var layer: String?
    /// Number of images.
    public var count: Int
    /// Cells along each side.
    public var grid: Int
    /// τ.
    public var distortion: Double
    /// Iterations of the solver.
    public var iterations: Int
    /// Noise draws of each iteration.
    public var draws: Int
    /// How maps lose what a cell's place alone decides.
    public var position: PositionCorrection
    /// Pictures without an object by which they do.
    public var positionImages: Int

    /// - Parameters: as the properties.
    public init(
      layer: String?, count: Int, grid: Int, distortion: Double, iterations: Int, draws: Int,
      position: PositionCorrection = .none, positionImages: Int = 24
    ) {
      self.layer = layer
      self.count = count
      self.grid = grid
      self.distortion = distortion
      self.iterations = iterations
      self.draws = draws
      self.position = position
      self.positionImages = positionImages
    }
  }

  /// What was measured of one checkpoint.
  public struct Answer {
    /// The checkpoint as it was named.
    public let name: String
    /// Its layer.
    public let layer: String
    /// One map per image, without position where that was asked for.
    public let maps: [EntropyMap]
    /// What was taken out of every map; nil where nothing was.
    public let profile: PositionProfile?
  }

  /// The images.
  public let probe: ProbeSet
  /// Whether the images have masks; without, there are entropies and no concepts.
  public let hasMasks: Bool
  /// Cells along each side.
  public let grid: Int
  /// One per checkpoint.
  public let answers: [Answer]

  /// Measures.
  ///
  /// - Parameters:
  ///   - networks: checkpoints as they were named, with their networks.
  ///   - data: the data set.
  ///   - question: what is measured.
  ///   - needsMasks: whether images without masks are refused.
  ///   - progress: shows how far the work is.
  /// - Throws: ``InputError``, before any work, for a layer that a network does not have, or where masks are missing.
  public init(
    _ networks: [(name: String, probed: ProbeData.ProbedNetwork)], on data: ProbeData, _ question: Question,
    needsMasks: Bool, progress: ProgressDisplay
  ) throws {
    let set = data.splits.development
    hasMasks = set.masks != nil
    guard hasMasks || !needsMasks else {
      throw InputError(
        "--data", "\(data.name) has no masks", remedy: "concepts need foreground masks: take part-shapes")
    }
    grid = min(question.grid, set.height, set.width)
    probe =
      hasMasks
      ? ProbeSet(set, count: question.count, grid: grid) : ProbeSet(anyOf: set, count: question.count, grid: grid)
    guard !probe.images.isEmpty else {
      throw InputError(
        "--data", "no development image of \(data.name) has cells of both object and background",
        remedy: "maps are of images whose masks are neither empty nor full; a larger --grid has smaller cells")
    }
    let pictures = try Self.pictures(question, data.splits, grid: grid)
    // Without masks every cell counts as the object, whose place is then the same in all images.
    let share = question.position == .fit ? PositionProfile.shareOfPlace(probe.images.foreground) : 0
    guard share <= PositionProfile.largestShareOfPlace else {
      throw InputError(
        "--position", "fit cannot tell object and place apart in these images", remedy: "take scrambled")
    }
    let settings = EntropySettings(
      distortion: question.distortion, grid: grid, iterations: question.iterations, draws: question.draws)
    let layers = try networks.map { network in
      try question.layer.map { try network.probed.network.probePoint($0, at: "--layer").name }
        ?? network.probed.network.lastStage.name
    }
    progress.plan(networks.indices.map { (name: "checkpoint \($0)", cost: 1) })
    defer { progress.finish() }
    let images = probe
    answers = try networks.enumerated().map { place, network in
      progress.begin("checkpoint \(place)")
      let measured = ConceptProbe(
        network.probed.network, at: FeaturePoint(layers[place]), settings, development: set,
        normalization: network.probed.normalization, random: Philox(seed: 1).split(.noise))
      let finite = try measured.finite(layers[place], of: network.name)
      let parts = pictures == nil ? 1.0 : 2.0
      func measure(_ probe: ProbeSet, _ random: Philox, after: Double) throws -> [EntropyMap] {
        try finite.maps(of: probe, drawing: random) { share in
          try Interrupt.check()
          progress.update((after + share) / parts) { network.name }
        }
      }
      let maps = try measure(images, Philox(seed: 1).split(.noise), after: 0)
      let profile =
        if let pictures {
          PositionProfile(objectFree: try measure(pictures, Philox(seed: 2).split(.noise), after: 1))
        } else {
          question.position == .fit
            ? PositionProfile.fitted(to: maps, foreground: images.images.foreground) : nil as PositionProfile?
        }
      return Answer(
        name: network.name, layer: layers[place],
        maps: question.position == .none ? maps : maps.map { $0.adjusted(by: profile) }, profile: profile)
    }
  }

  /// The pictures without an object that are asked for; nil for none.
  private static func pictures(_ question: Question, _ splits: DataSplits, grid: Int) throws -> ProbeSet? {
    let count = question.positionImages
    switch question.position {
    case .none, .fit: return nil
    case .scrambled: return ProbeSet(anyOf: splits.train.scrambled(count: count, seed: 1), count: count, grid: grid)
    case .background:
      guard let backgrounds = splits.backgrounds else {
        throw InputError(
          "--position", "\(splits.train.name) draws no background without an object", remedy: "take scrambled")
      }
      return ProbeSet(anyOf: backgrounds(count), count: count, grid: grid)
    }
  }

  /// The maps as a study of networks that do not change, one role per checkpoint.
  ///
  /// - Parameter thresholds: b, nats.
  /// - Returns: series in the order of the answers.
  public func study(thresholds: [Double]) -> ConceptStudy {
    ConceptStudy(
      images: probe.images,
      series: zip(shortNames(answers.map(\.name)), answers).map { name, answer in
        EntropySeries(role: name, seed: 1, epochs: [0], maps: [answer.maps], distances: [0])
      },
      thresholds: thresholds)
  }

  /// Name of the class of each image.
  public var classNames: [String] { probe.images.indices.map { probe.set.classes[Int(probe.set.labels[$0])] } }
}
