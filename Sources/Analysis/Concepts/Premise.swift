/// Whether the background is discarded more than the object, H̄_bg > H̄_fg, which counting concepts presumes.
public struct Premise: Sendable, Equatable, Codable {
  /// Images in which the premise could be asked, summed over seeds.
  public let images: Int
  /// Those in which it holds.
  public let holding: Int
  /// Mean of H̄_fg over the images, nats; nil without images.
  public let foregroundEntropy: Double?
  /// Mean of H̄_bg over the images, nats; nil without images.
  public let backgroundEntropy: Double?
  /// Images left out.
  public let leftOut: Omissions

  /// The share of the images in which the premise holds; nil without images.
  public var share: Double? { images > 0 ? Double(holding) / Double(images) : nil }

  /// Counts what was found in each image.
  init(_ found: [Result<RegionEntropies, Omission>]) {
    var holding = 0
    var leftOut: Omissions = [:]
    var images = 0
    var sums = (foreground: 0.0, background: 0.0)
    for image in found {
      switch image {
      case .failure(let reason): leftOut.count(reason)
      case .success(let means):
        images += 1
        if means.meetsPremise { holding += 1 }
        sums.foreground += means.foreground
        sums.background += means.background
      }
    }
    self.images = images
    self.holding = holding
    self.leftOut = leftOut
    foregroundEntropy = images > 0 ? sums.foreground / Double(images) : nil
    backgroundEntropy = images > 0 ? sums.background / Double(images) : nil
  }
}

extension ConceptStudy {
  /// The premise in one network at one checkpoint.
  ///
  /// - Parameters:
  ///   - run: of which network and seed.
  ///   - position: among the run's stored epochs.
  /// - Returns: counts over the run's images.
  public func premise(in run: EntropySeries, at position: Int) -> Premise {
    Premise(
      images.foreground.indices.map {
        run.regionEntropies(of: $0, at: position, foreground: images.foreground[$0])
      })
  }
}
