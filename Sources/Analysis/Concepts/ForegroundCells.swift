import Support

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

/// The cells whose nearest pixel is foreground, as PyTorch's nearest-neighbour interpolation of the mask to the grid.
///
/// Cell (r, c) takes pixel (⌊r·height/rows⌋, ⌊c·width/columns⌋).
///
/// - Parameters:
///   - mask: one flag per pixel, row by row, height × width.
///   - height: pixels.
///   - width: pixels.
///   - rows: of the grid.
///   - columns: of the grid.
/// - Returns: one flag per cell, row by row.
public func nearestForegroundCells(of mask: [Bool], height: Int, width: Int, rows: Int, columns: Int) -> [Bool] {
  precondition(mask.count == height * width, "nearestForegroundCells: \(mask.count) pixels for \(height)×\(width)")
  return (0..<rows * columns).map { cell in
    mask[cell / columns * height / rows * width + cell % columns * width / columns]
  }
}

/// The foreground of images without masks in the published procedure: rows and columns from ⌊n/6⌋ to ⌊5n/6⌋, both
/// included.
///
/// - Parameter grid: n, cells along each side.
/// - Returns: one flag per cell, row by row.
public func publishedBox(grid: Int) -> [Bool] {
  let inside = grid / 6...min(grid - 1, grid * 5 / 6)
  return (0..<grid * grid).map { inside.contains($0 / grid) && inside.contains($0 % grid) }
}
