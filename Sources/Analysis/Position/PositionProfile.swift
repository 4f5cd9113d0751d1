import Support

/// What the place of a cell adds to its entropy in one network, whatever the picture shows.
public struct PositionProfile: Sendable, Equatable, Codable {
  /// π_c in nats, one per cell, row by row; their mean is 0.
  public let values: [Double]
  /// Pictures behind it.
  public let images: Int
  /// The share of what varies within the maps of those pictures that the profile explains, from 0 to 1; nil where they
  /// do not vary.
  public let explained: Double?

  init(values: [Double], images: Int, explained: Double?) {
    self.values = values
    self.images = images
    self.explained = explained
  }

  /// The profile that changes nothing.
  ///
  /// - Parameter cells: of the grid.
  /// - Returns: zeros.
  public static func flat(cells: Int) -> PositionProfile {
    PositionProfile(values: Array(repeating: 0, count: cells), images: 0, explained: nil)
  }

  /// π_c = mean_j (H_jc − mean_c′ H_jc′) over pictures j without an object; nil where no map is usable.
  ///
  /// - Parameter maps: of one network, of pictures of the same kind.
  public init?(objectFree maps: [EntropyMap]) {
    let centred = maps.filter(\.isUsable).map { $0.entropies.map(Double.init).centred }
    guard let first = centred.first else { return nil }
    let profile = first.indices.map { cell in centred.reduce(0) { $0 + $1[cell] } / Double(centred.count) }
    let whole = centred.reduce(0) { $0 + $1.squares }
    let rest = centred.reduce(0) { sum, map in sum + zip(map, profile).map { $0 - $1 }.squares }
    self.init(values: profile, images: centred.count, explained: whole > 0 ? 1 - rest / whole : nil)
  }

  /// The profile p_c of H_ic = a_i + p_c − g·fg_ic, by least squares over probe images.
  ///
  /// - Parameters:
  ///   - maps: of one network.
  ///   - foreground: Λ_fg of each image.
  /// - Returns: nil where no map is usable, or the object lies in the same cells of every image
  ///   (``largestShareOfPlace``), so that its effect and the place's cannot be told apart.
  public static func fitted(to maps: [EntropyMap], foreground: [[Bool]]) -> PositionProfile? {
    precondition(maps.count == foreground.count, "PositionProfile: \(maps.count) maps, \(foreground.count) masks")
    let usable = maps.indices.filter { maps[$0].isUsable }
    guard let first = usable.first else { return nil }
    let masks = usable.map { foreground[$0] }
    guard shareOfPlace(masks) <= largestShareOfPlace else { return nil }
    let entropies = usable.map { maps[$0].entropies.map(Double.init) }
    let (object, map) = (withoutEffects(masks.map(\.numbers)), withoutEffects(entropies))
    let square = object.reduce(0) { $0 + $1.squares }
    var product = 0.0
    for (mask, values) in zip(object, map) { for cell in mask.indices { product += mask[cell] * values[cell] } }
    let kept = square > 0 ? -product / square : 0
    let rest = zip(entropies, masks).map { values, mask in
      zip(values, mask).map { $1 ? $0 + kept : $0 }.centred
    }
    let cells = maps[first].entropies.indices
    let profile = cells.map { cell in rest.reduce(0) { $0 + $1[cell] } / Double(rest.count) }
    let whole = rest.reduce(0) { $0 + $1.squares }
    let left = rest.reduce(0) { sum, map in sum + zip(map, profile).map { $0 - $1 }.squares }
    return PositionProfile(values: profile, images: rest.count, explained: whole > 0 ? 1 - left / whole : nil)
  }

  /// R² of the object on the effects of image and cell above which place and object cannot be told apart.
  public static let largestShareOfPlace = 0.9

  /// R² of the object on the effects of image and cell: 1 where it lies in the same cells of every image.
  ///
  /// - Parameter foreground: Λ_fg of each image.
  /// - Returns: from 0 to 1; 1 also where there is nothing to tell apart.
  public static func shareOfPlace(_ foreground: [[Bool]]) -> Double {
    let masks = foreground.map(\.numbers)
    let whole = Array(masks.joined()).centred.squares
    return whole > 0 ? 1 - withoutEffects(masks).reduce(0) { $0 + $1.squares } / whole : 1
  }

  /// Rows and columns centred: what is left of a full table without the effects of its rows and its columns.
  private static func withoutEffects(_ table: [[Double]]) -> [[Double]] {
    let rows = table.map(\.centred)
    guard let first = rows.first else { return [] }
    let means = first.indices.map { column in rows.reduce(0) { $0 + $1[column] } / Double(rows.count) }
    return rows.map { row in zip(row, means).map { $0 - $1 } }
  }
}

extension EntropyMap {
  /// A_c = H_c − π_c: the map without what place alone decides.
  ///
  /// - Parameter profile: of the same network; nil where there is none, so that the map cannot be used.
  /// - Returns: the map, in nats as before.
  public func adjusted(by profile: PositionProfile?) -> EntropyMap {
    var map = self
    guard let profile else {
      map.isConverged = false
      return map
    }
    precondition(
      profile.values.count == entropies.count,
      "EntropyMap: profile of \(profile.values.count) cells on \(entropies.count)")
    map.entropies = zip(entropies, profile.values).map { Float(Double($0) - $1) }
    return map
  }
}

extension [Double] {
  fileprivate var centred: [Double] {
    let centre = reduce(0, +) / Double(count)
    return map { $0 - centre }
  }

  fileprivate var squares: Double { reduce(0) { $0 + $1 * $1 } }
}

extension [Bool] {
  fileprivate var numbers: [Double] { map { $0 ? 1 : 0 } }
}
