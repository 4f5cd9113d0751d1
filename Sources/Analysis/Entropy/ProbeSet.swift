import Datasets
import Support

/// The images at which networks are probed: chosen once, evenly over the classes, the same for all networks.
public struct ProbeSet: Sendable {
  /// Indices in the development split, and foreground cells.
  public let images: ProbeImages
  /// The split that they come from.
  public let set: ImageSet

  /// The first images of every class in turn that have a foreground cell and a background cell.
  ///
  /// - Parameters:
  ///   - set: a split with masks.
  ///   - count: number of images; fewer where the split has no more.
  ///   - grid: cells along each side.
  public init(_ set: ImageSet, count: Int, grid: Int) {
    guard let masks = set.masks else { preconditionFailure("ProbeSet: \(set.name) has no masks") }
    let size = set.height * set.width
    var queues = Array(repeating: [Int](), count: set.classes.count)
    for (index, label) in set.labels.enumerated() { queues[Int(label)].append(index) }
    var chosen: [(index: Int, cells: [Bool])] = []
    var round = 0
    while chosen.count < count, queues.contains(where: { $0.count > round }) {
      for queue in queues where queue.count > round && chosen.count < count {
        let mask = masks[queue[round] * size..<(queue[round] + 1) * size].map { $0 != 0 }
        let cells = foregroundCells(of: mask, height: set.height, width: set.width, rows: grid, columns: grid)
        if cells.contains(true), cells.contains(false) { chosen.append((index: queue[round], cells: cells)) }
      }
      round += 1
    }
    images = ProbeImages(indices: chosen.map(\.index), foreground: chosen.map(\.cells))
    self.set = set
  }

  /// Images spread evenly over a split that need not have masks: for entropies, not for concepts.
  ///
  /// - Parameters:
  ///   - set: a split.
  ///   - count: number of images; fewer where the split has no more.
  ///   - grid: cells along each side.
  public init(anyOf set: ImageSet, count: Int, grid: Int) {
    let indices = set.spreadIndices(count)
    self.init(
      images: ProbeImages(
        indices: indices, foreground: indices.map { _ in Array(repeating: true, count: grid * grid) }), set: set)
  }

  /// The same images with the foreground cells of the published procedure: a cell is what the mask's pixel at its
  /// upper left corner is; without masks the middle two thirds of rows and columns are foreground.
  ///
  /// - Parameters:
  ///   - set: a split, with masks or without.
  ///   - count: number of images; fewer where the split has no more.
  ///   - grid: cells along each side.
  /// - Returns: the set; without masks simply the first images.
  public static func published(_ set: ImageSet, count: Int, grid: Int) -> ProbeSet {
    guard let masks = set.masks else {
      let box = publishedBox(grid: grid)
      let indices = Array(0..<min(count, set.count))
      return ProbeSet(images: ProbeImages(indices: indices, foreground: indices.map { _ in box }), set: set)
    }
    let size = set.height * set.width
    let indices = ProbeSet(set, count: count, grid: grid).images.indices
    let foreground = indices.map { index in
      nearestForegroundCells(
        of: masks[index * size..<(index + 1) * size].map { $0 != 0 }, height: set.height, width: set.width, rows: grid,
        columns: grid)
    }
    return ProbeSet(images: ProbeImages(indices: indices, foreground: foreground), set: set)
  }

  private init(images: ProbeImages, set: ImageSet) {
    self.images = images
    self.set = set
  }
}
