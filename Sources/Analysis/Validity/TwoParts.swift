import Datasets
import Support

/// The cells of one image that show part A, and those that show part B.
public struct TwoParts: Sendable, Equatable {
  /// Which cells show A, row by row.
  public let a: [Bool]
  /// Which cells show B.
  public let b: [Bool]

  /// - Parameters:
  ///   - a: one flag per cell.
  ///   - b: the same.
  public init(a: [Bool], b: [Bool]) {
    precondition(a.count == b.count, "TwoParts: \(a.count) and \(b.count) cells")
    self.a = a
    self.b = b
  }

  /// Cells of A and of B.
  public var counts: (a: Int, b: Int) { (a.count { $0 }, b.count { $0 }) }
}

extension ImageSet {
  /// The cells of one image that show two parts: at least half of their pixels do.
  ///
  /// - Parameters:
  ///   - image: index in the set, which must know its parts (programmer error otherwise).
  ///   - a: a value of `parts`.
  ///   - b: another.
  ///   - grid: cells along each side.
  /// - Returns: one flag per cell and part.
  public func twoParts(of image: Int, _ a: UInt8, _ b: UInt8, grid: Int) -> TwoParts {
    guard let parts else { preconditionFailure("twoParts: \(name) does not know its parts") }
    let size = height * width
    let own = parts[image * size..<(image + 1) * size]
    func cells(_ part: UInt8) -> [Bool] {
      foregroundCells(of: own.map { $0 == part }, height: height, width: width, rows: grid, columns: grid)
    }
    return TwoParts(a: cells(a), b: cells(b))
  }

  /// The first images in which both parts have so many cells.
  ///
  /// - Parameters:
  ///   - count: number of images; fewer where the set has no more.
  ///   - a: a value of `parts`.
  ///   - b: another.
  ///   - grid: cells along each side.
  ///   - fewest: cells that each part must have.
  /// - Returns: indices in the set.
  public func imagesShowing(count: Int, _ a: UInt8, _ b: UInt8, grid: Int, fewest: Int) -> [Int] {
    var chosen: [Int] = []
    for index in 0..<self.count where chosen.count < count {
      let cells = twoParts(of: index, a, b, grid: grid).counts
      if cells.a >= fewest, cells.b >= fewest { chosen.append(index) }
    }
    return chosen
  }
}
