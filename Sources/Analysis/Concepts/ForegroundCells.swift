/// The cells of which at least half the pixels are foreground.
///
/// Pixel (y, x) belongs to cell (⌊y·rows/height⌋, ⌊x·columns/width⌋), which is nearest-neighbour upsampling of the grid.
///
/// - Parameters:
///   - mask: one flag per pixel, row by row, height × width.
///   - height: pixels.
///   - width: pixels.
///   - rows: of the grid, from 1 to `height`.
///   - columns: of the grid, from 1 to `width`.
/// - Returns: one flag per cell, row by row.
public func foregroundCells(of mask: [Bool], height: Int, width: Int, rows: Int, columns: Int) -> [Bool] {
  precondition(mask.count == height * width, "foregroundCells: \(mask.count) pixels for \(height)×\(width)")
  precondition(
    1 <= rows && rows <= height && 1 <= columns && columns <= width,
    "foregroundCells: grid \(rows)×\(columns) on \(height)×\(width) pixels")
  var balance = [Int](repeating: 0, count: rows * columns)
  for y in 0..<height {
    for x in 0..<width { balance[y * rows / height * columns + x * columns / width] += mask[y * width + x] ? 1 : -1 }
  }
  return balance.map { $0 >= 0 }
}
