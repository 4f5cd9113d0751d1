import Support
import Tensors

/// Which cell of a rows × columns grid each pixel belongs to: (⌊y·rows/height⌋, ⌊x·columns/width⌋).
public struct CellGrid: Sendable, Equatable {
  /// Rows of cells.
  public let rows: Int
  /// Columns of cells.
  public let columns: Int
  /// Height of the images in pixels.
  public let height: Int
  /// Width of the images in pixels.
  public let width: Int
  /// Cell of each pixel, row by row.
  let cellOfPixel: [Int32]

  /// - Parameters:
  ///   - rows: rows of cells, at most `height`.
  ///   - columns: columns of cells, at most `width`.
  ///   - height: height of the images in pixels.
  ///   - width: width of the images in pixels.
  public init(rows: Int, columns: Int, height: Int, width: Int) {
    precondition(
      1...height ~= rows && 1...width ~= columns, "CellGrid: \(rows)×\(columns) cells on \(height)×\(width) pixels")
    self.rows = rows
    self.columns = columns
    self.height = height
    self.width = width
    cellOfPixel = (0..<height * width).map { pixel in
      Int32(pixel / width * rows / height * columns + pixel % width * columns / width)
    }
  }

  /// Number of cells.
  public var count: Int { rows * columns }
}
