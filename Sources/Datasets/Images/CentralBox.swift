/// The mask that stands in where objects are known to be in the middle: rows and columns ⌊n/6⌋ … ⌊5n/6⌋ are foreground
/// (measurements of images without masks; Cheng et al., CVPR 2020, released code).
///
/// - Parameters:
///   - count: number of images.
///   - height: rows, pixels.
///   - width: columns, pixels.
/// - Returns: [count, height, width], 1 within the box.
package func centralBoxMasks(count: Int, height: Int, width: Int) -> [UInt8] {
  let rows = height / 6...5 * height / 6
  let columns = width / 6...5 * width / 6
  let mask = (0..<height).flatMap { row in
    (0..<width).map { column -> UInt8 in rows.contains(row) && columns.contains(column) ? 1 : 0 }
  }
  return Array(repeatElement(mask, count: count).joined())
}
