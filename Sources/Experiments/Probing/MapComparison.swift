import Analysis
import Support

/// What two checkpoints keep of the same images, cell by cell.
public struct MapComparison {
  /// The maps of A and of B.
  public let probe: MapProbe
  /// How they lost what a cell's place alone decides.
  public let position: PositionCorrection
  /// Whether they are the same.
  public let similarity: MapSimilarity

  /// Measures both networks on the same images.
  ///
  /// - Parameters:
  ///   - pair: the networks with the images as each takes them.
  ///   - names: of the checkpoints as they were named.
  ///   - question: what is measured.
  ///   - progress: shows how far the work is.
  /// - Throws: ``InputError``, before any work, if the images do not do.
  public init(
    _ pair: NetworkPair, _ names: [String], _ question: MapProbe.Question, progress: ProgressDisplay
  ) throws {
    precondition(names.count == 2, "MapComparison: \(names.count) names")
    probe = try MapProbe(try pair.mapSubjects(names), question, progress: progress)
    position = question.position
    similarity = MapSimilarity(
      probe.answers[0].maps, probe.answers[1].maps, foreground: probe.hasMasks ? probe.probe.images.foreground : nil)
  }
}
