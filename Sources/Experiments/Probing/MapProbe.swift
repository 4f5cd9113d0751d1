import Analysis
import Datasets
import Foundation
import Models
import NeuralNetworks
import Statistics
import Support
import Tensors

/// Entropy maps of checkpoints on the same images.
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

  /// Measures checkpoints on images of a development split.
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
    let images = MapImages(data.splits.development, of: data)
    guard images.set.masks != nil || !needsMasks else {
      throw InputError(
        "--data", "\(data.name) has no masks", remedy: "concepts need foreground masks: take part-shapes")
    }
    try self.init(
      networks.map {
        MapSubject(
          name: $0.name, network: $0.probed.network, normalization: $0.probed.normalization, images: images)
      }, question, progress: progress)
  }

  /// Measures networks, each on its images; those of all are the same, if need be in different sizes.
  ///
  /// - Parameters:
  ///   - subjects: networks with their images, at least one.
  ///   - question: what is measured.
  ///   - progress: shows how far the work is.
  /// - Throws: ``InputError``, before any work, for a layer that a network does not have, or images that do not do.
  init(_ subjects: [MapSubject], _ question: Question, progress: ProgressDisplay) throws {
    precondition(!subjects.isEmpty, "MapProbe: no networks")
    let sets = subjects.map(\.images.set)
    hasMasks = sets.allSatisfy { $0.masks != nil }
    let grid = sets.reduce(question.grid) { min($0, $1.height, $1.width) }
    self.grid = grid
    var made: [[Int]: (probe: ProbeSet, objectFree: ProbeSet?)] = [:]
    let pictures = try subjects.map(\.images).map { images in
      if let pictures = made[images.shape] { return pictures }
      let pictures = (
        probe: try images.probe(count: question.count, grid: grid),
        objectFree: try images.objectFree(question.position, count: question.positionImages, grid: grid)
      )
      made[images.shape] = pictures
      return pictures
    }
    probe = pictures[0].probe
    // Without masks every cell counts as the object, whose place is then the same in all images.
    let share = question.position == .fit ? PositionProfile.shareOfPlace(probe.images.foreground) : 0
    guard share <= PositionProfile.largestShareOfPlace else {
      throw InputError(
        "--position", "fit cannot tell object and place apart in these images", remedy: "take scrambled")
    }
    let settings = EntropySettings(
      distortion: question.distortion, grid: grid, iterations: question.iterations, draws: question.draws)
    let layers = try subjects.map { subject in
      try question.layer.map { try subject.network.probePoint($0, at: "--layer").name }
        ?? subject.network.lastStage.name
    }
    progress.plan(subjects.indices.map { (name: "checkpoint \($0)", cost: 1) })
    defer { progress.finish() }
    answers = try subjects.enumerated().map { place, subject in
      progress.begin("checkpoint \(place)")
      let measured = ConceptProbe(
        subject.network, at: FeaturePoint(layers[place]), settings, development: subject.images.set,
        normalization: subject.normalization, random: Philox(seed: 1).split(.noise))
      let finite = try measured.finite(layers[place], of: subject.name)
      let (probe, objectFree) = pictures[place]
      let parts = objectFree == nil ? 1.0 : 2.0
      func measure(_ probe: ProbeSet, _ random: Philox, after: Double) throws -> [EntropyMap] {
        try finite.maps(of: probe, drawing: random) { share in
          try Interrupt.check()
          progress.update((after + share) / parts) { subject.name }
        }
      }
      let maps = try measure(probe, Philox(seed: 1).split(.noise), after: 0)
      let profile =
        if let objectFree {
          PositionProfile(objectFree: try measure(objectFree, Philox(seed: 2).split(.noise), after: 1))
        } else {
          question.position == .fit
            ? PositionProfile.fitted(to: maps, foreground: probe.images.foreground) : nil as PositionProfile?
        }
      return Answer(
        name: subject.name, layer: layers[place],
        maps: question.position == .none ? maps : maps.map { $0.adjusted(by: profile) }, profile: profile)
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
