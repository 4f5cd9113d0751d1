import Datasets
import Support

extension ImageSet {
  /// What ``partTargets(rows:columns:)`` tell apart: no part, then each part.
  public var partTargetNames: [String] { ["none"] + partNames }

  /// Which part most pixels of each cell belong to. The set must know its parts (programmer error otherwise).
  ///
  /// - Parameters:
  ///   - rows: cells above each other, at most as many as pixels.
  ///   - columns: cells beside each other.
  /// - Returns: image by image, cells row by row, an index into ``partTargetNames``, of equally many the first.
  public func partTargets(rows: Int, columns: Int) -> [Int] {
    guard let parts else { preconditionFailure("partTargets: \(name) does not know its parts") }
    let grid = CellGrid(rows: rows, columns: columns, height: height, width: width)
    let (area, kinds) = (height * width, partNames.count + 1)
    return (0..<count).flatMap { image -> [Int] in
      var pixels = Array(repeating: 0, count: grid.count * kinds)
      for pixel in 0..<area {
        pixels[Int(grid.cellOfPixel[pixel]) * kinds + Int(parts[image * area + pixel])] += 1
      }
      return (0..<grid.count).map { cell in
        (1..<kinds).reduce(0) { pixels[cell * kinds + $1] > pixels[cell * kinds + $0] ? $1 : $0 }
      }
    }
  }
}
