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

    /// - Parameters: as the properties.
    public init(layer: String?, count: Int, grid: Int, distortion: Double, iterations: Int, draws: Int) {
      self.layer = layer
      self.count = count
      self.grid = grid
      self.distortion = distortion
      self.iterations = iterations
      self.draws = draws
    }
  }

  /// What was measured of one checkpoint.
  public struct Answer {
    /// The checkpoint as it was named.
    public let name: String
    /// Its layer.
    public let layer: String
    /// One map per image.
    public let maps: [EntropyMap]
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
      let maps = try measured.finite(layers[place], of: network.name).maps(of: images) { share in
        try Interrupt.check()
        progress.update(share) { network.name }
      }
      return Answer(name: network.name, layer: layers[place], maps: maps)
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
