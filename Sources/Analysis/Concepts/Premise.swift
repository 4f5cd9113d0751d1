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
  /// Whether it holds in at least half of the images; nil without images.
  public var isMet: Bool? { share.map { $0 >= 0.5 } }

  /// Counts what was found in each image; for two networks at once, both must hold.
  init(_ found: [Result<[RegionEntropies], Omission>]) {
    var holding = 0
    var leftOut: Omissions = [:]
    var images = 0
    var sums = (foreground: 0.0, background: 0.0)
    var count = 0
    for image in found {
      switch image {
      case .failure(let reason): leftOut.count(reason)
      case .success(let networks):
        images += 1
        if networks.allSatisfy(\.meetsPremise) { holding += 1 }
        for means in networks {
          sums.foreground += means.foreground
          sums.background += means.background
          count += 1
        }
      }
    }
    self.images = images
    self.holding = holding
    self.leftOut = leftOut
    foregroundEntropy = count > 0 ? sums.foreground / Double(count) : nil
    backgroundEntropy = count > 0 ? sums.background / Double(count) : nil
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
    Premise(images.foreground.indices.map { regions(run, position, $0).map { [$0] } })
  }

  /// The premise in both networks of each pair at their last epochs: an image counts where it holds in both.
  ///
  /// - Parameter pairs: two runs of one seed each.
  /// - Returns: counts over the images of all pairs.
  public func premise(inBothOf pairs: [(EntropySeries, EntropySeries)]) -> Premise {
    Premise(
      pairs.flatMap { a, b in
        images.foreground.indices.map { image in
          regions(a, a.epochs.count - 1, image).flatMap { first in
            regions(b, b.epochs.count - 1, image).map { [first, $0] }
          }
        }
      })
  }

  private func regions(_ run: EntropySeries, _ position: Int, _ image: Int) -> Result<RegionEntropies, Omission> {
    run.regionEntropies(of: image, at: position, foreground: images.foreground[image])
  }
}
