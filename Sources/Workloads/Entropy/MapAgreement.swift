import Analysis
import Glibc
import Support

/// How near maps are to references of the same images.
public struct MapAgreement: Sendable {
  /// Pearson correlation over the cells, mean over images.
  public let correlation: Double
  /// Root mean square of the difference, both maps centred, over the reference's spread; mean over images.
  public let centredErrorOverSpread: Double
  /// |ln D/τ|, largest over images.
  public let logDistortionError: Double

  /// - Parameters:
  ///   - maps: under test.
  ///   - references: of the same images.
  ///   - distortions: D of each map, from draws that the map was not fitted to.
  public init(_ maps: [EntropyMap], _ references: [EntropyMap], distortions: [Double]) {
    precondition(
      maps.count == references.count && !maps.isEmpty, "MapAgreement: \(maps.count) maps, \(references.count)")
    var (correlations, errors) = (0.0, 0.0)
    for (map, reference) in zip(maps, references) {
      let (a, b) = (MapAgreement.centred(map), MapAgreement.centred(reference))
      let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      let (own, other) = (a.reduce(0) { $0 + $1 * $1 }, b.reduce(0) { $0 + $1 * $1 })
      correlations += product / (own * other).squareRoot()
      let difference = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      errors += (difference / other).squareRoot()
    }
    correlation = correlations / Double(maps.count)
    centredErrorOverSpread = errors / Double(maps.count)
    logDistortionError = zip(maps, distortions).map { abs(log($1 / $0.targetDistortion)) }.max() ?? .nan
  }

  private static func centred(_ map: EntropyMap) -> [Double] {
    let values = map.entropies.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    return values.map { $0 - mean }
  }
}
