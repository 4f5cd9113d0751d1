import Support

/// The visual concepts of one image in one network (Cheng et al., CVPR 2020, eq. 3): cells whose information is kept
/// clearly better than the background's, H̄_bg − H_i > b.
public struct ConceptCount: Sendable, Equatable, Codable {
  /// N_fg, in cells.
  public let foreground: Int
  /// N_bg, in cells.
  public let background: Int
  /// |Λ_fg|, in cells.
  public let foregroundCells: Int
  /// |Λ_bg|, in cells.
  public let backgroundCells: Int

  /// N_fg / |Λ_fg|, from 0 to 1.
  public var foregroundFraction: Double { Double(foreground) / Double(foregroundCells) }
  /// N_bg / |Λ_bg|, from 0 to 1.
  public var backgroundFraction: Double { Double(background) / Double(backgroundCells) }
  /// λ = N_fg / (N_fg + N_bg), from 0 to 1; nil for an image without concepts.
  public var share: Double? {
    let all = foreground + background
    return all > 0 ? Double(foreground) / Double(all) : nil
  }
}

/// Mean entropies of the two regions of one image, in nats.
public struct RegionEntropies: Sendable, Equatable, Codable {
  /// H̄_fg, nats.
  public let foreground: Double
  /// H̄_bg, nats.
  public let background: Double

  /// H̄_bg > H̄_fg: the background is discarded more than the object, which counting concepts presumes.
  public var meetsPremise: Bool { background > foreground }
}

extension EntropyMap {
  /// The mean entropies of the two regions.
  ///
  /// - Parameter foreground: Λ_fg, one flag per cell.
  /// - Returns: the means in nats, or why there are none.
  public func regionEntropies(foreground: [Bool]) -> Result<RegionEntropies, Omission> {
    precondition(
      foreground.count == entropies.count, "EntropyMap: mask of \(foreground.count) cells on \(entropies.count)")
    var sums = (foreground: 0.0, background: 0.0)
    var cells = 0
    for i in entropies.indices {
      if foreground[i] {
        sums.foreground += Double(entropies[i])
        cells += 1
      } else {
        sums.background += Double(entropies[i])
      }
    }
    guard cells > 0 else { return .failure(.noForegroundCell) }
    guard cells < entropies.count else { return .failure(.noBackgroundCell) }
    guard isUsable else { return .failure(.notConverged) }
    return .success(
      RegionEntropies(
        foreground: sums.foreground / Double(cells), background: sums.background / Double(entropies.count - cells)))
  }

  /// Which cells are concepts: H̄_bg − H_i > b.
  ///
  /// - Parameters:
  ///   - foreground: Λ_fg, one flag per cell.
  ///   - threshold: b, nats.
  ///   - background: H̄_bg, nats; the image's own where nil.
  /// - Returns: one flag per cell of the whole image, or why there are none.
  public func concepts(foreground: [Bool], threshold: Double, background: Double? = nil) -> Result<[Bool], Omission> {
    regionEntropies(foreground: foreground).map { means in
      entropies.map { (background ?? means.background) - Double($0) > threshold }
    }
  }

  /// The number of concepts in each region.
  ///
  /// - Parameters:
  ///   - foreground: Λ_fg, one flag per cell.
  ///   - threshold: b, nats.
  ///   - background: H̄_bg, nats; the image's own where nil.
  /// - Returns: the counts, or why there are none.
  public func conceptCount(
    foreground: [Bool], threshold: Double, background: Double? = nil
  ) -> Result<ConceptCount, Omission> {
    concepts(foreground: foreground, threshold: threshold, background: background).map { concepts in
      var counts = (foreground: 0, background: 0, cells: 0)
      for i in concepts.indices {
        if foreground[i] { counts.cells += 1 }
        guard concepts[i] else { continue }
        if foreground[i] { counts.foreground += 1 } else { counts.background += 1 }
      }
      return ConceptCount(
        foreground: counts.foreground, background: counts.background, foregroundCells: counts.cells,
        backgroundCells: foreground.count - counts.cells)
    }
  }
}
