import Datasets
import Support

extension ProbeSet {
  /// Given images, on any grid.
  ///
  /// - Parameters:
  ///   - set: a split with masks.
  ///   - indices: of the images in the split.
  ///   - grid: cells along each side.
  public init(_ set: ImageSet, indices: [Int], grid: Int) {
    guard let masks = set.masks else { preconditionFailure("ProbeSet: \(set.name) has no masks") }
    let size = set.height * set.width
    images = ProbeImages(
      indices: indices,
      foreground: indices.map { index in
        foregroundCells(
          of: masks[index * size..<(index + 1) * size].map { $0 != 0 }, height: set.height, width: set.width,
          rows: grid, columns: grid)
      })
    self.set = set
  }
}
