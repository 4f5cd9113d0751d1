import Datasets
import Support

/// What a cell of a probe image shows, as far as a label that depends on one part only is concerned.
public enum PartRegion: String, Sendable, Codable, CaseIterable {
  /// The part that the label depends on.
  case informative = "informative part"
  /// The rest of the object, which says nothing of the label.
  case otherParts = "other parts"
  /// Everything else, loose parts included.
  case background
}

/// The cells of one image, told apart by what they show.
public struct PartCells: Sendable, Equatable {
  /// One region per cell, row by row.
  public let regions: [PartRegion]
  /// Cells along each row.
  public let columns: Int

  /// A cell shows the informative part if at least half of its pixels do, else another part if at least half of its
  /// pixels show any part: the rule of Λ_fg, so that the three regions are a partition that refines Λ_fg and Λ_bg.
  ///
  /// - Parameters:
  ///   - parts: part of each pixel, row by row; 0 for none.
  ///   - informative: the part that the label depends on.
  ///   - height: pixels.
  ///   - width: pixels.
  ///   - grid: cells along each side.
  public init(_ parts: ArraySlice<UInt8>, informative: UInt8, height: Int, width: Int, grid: Int) {
    func cells(_ isInside: (UInt8) -> Bool) -> [Bool] {
      foregroundCells(of: parts.map(isInside), height: height, width: width, rows: grid, columns: grid)
    }
    self.init(
      zip(cells { $0 == informative }, cells { $0 != 0 }).map { own, any in
        own ? .informative : any ? .otherParts : .background
      }, columns: grid)
  }

  /// - Parameters:
  ///   - regions: one per cell, row by row.
  ///   - columns: cells along each row; divides the count.
  public init(_ regions: [PartRegion], columns: Int) {
    precondition(columns > 0 && regions.count % columns == 0, "PartCells: \(regions.count) cells in rows of \(columns)")
    self.regions = regions
    self.columns = columns
  }

  /// Number of cells of a region.
  public func count(_ region: PartRegion) -> Int { regions.count { $0 == region } }

  /// Which cells show the informative part.
  public var informative: [Bool] { regions.map { $0 == .informative } }

  /// Λ_fg: which cells show the object.
  public var foreground: [Bool] { regions.map { $0 != .background } }

  /// Which cells show the informative part or touch one that does, by an edge or a corner.
  public var nearInformative: [Bool] {
    let rows = regions.count / columns
    return regions.indices.map { cell in
      let (row, column) = (cell / columns, cell % columns)
      return (max(0, row - 1)...min(rows - 1, row + 1)).contains { r in
        (max(0, column - 1)...min(columns - 1, column + 1)).contains { regions[r * columns + $0] == .informative }
      }
    }
  }
}

extension ImageSet {
  /// What the cells of one image show.
  ///
  /// - Parameters:
  ///   - image: index in the set, which must know its parts (programmer error otherwise).
  ///   - informative: the part that the label depends on, a value of `parts`.
  ///   - grid: cells along each side.
  /// - Returns: one region per cell.
  public func partCells(of image: Int, informative: UInt8, grid: Int) -> PartCells {
    guard let parts else { preconditionFailure("partCells: \(name) does not know its parts") }
    let size = height * width
    return PartCells(
      parts[image * size..<(image + 1) * size], informative: informative, height: height, width: width, grid: grid)
  }

  /// The first images of every class in turn in which each region has so many cells.
  ///
  /// - Parameters:
  ///   - count: number of images; fewer where the set has no more.
  ///   - informative: the part that the label depends on, a value of `parts`.
  ///   - grid: cells along each side.
  ///   - fewest: cells that each region must have.
  /// - Returns: indices in the set.
  public func imagesShowingParts(count: Int, informative: UInt8, grid: Int, fewest: Int) -> [Int] {
    var queues = Array(repeating: [Int](), count: classes.count)
    for (index, label) in labels.enumerated() where queues[Int(label)].count * classes.count < count + classes.count {
      let cells = partCells(of: index, informative: informative, grid: grid)
      if PartRegion.allCases.allSatisfy({ cells.count($0) >= fewest }) { queues[Int(label)].append(index) }
    }
    let rounds = queues.map(\.count).max() ?? 0
    return Array(
      (0..<rounds).flatMap { round in queues.compactMap { round < $0.count ? $0[round] : nil } }.prefix(count))
  }
}
