import Statistics
import Support

/// The choice of images of the published procedure: those that agree with the premise at every late checkpoint of every
/// compared network.
///
/// It favours the premise by construction, so that figures are given with and without it, and the share that was
/// dropped with them.
public struct PublishedSelection: Sendable, Equatable {
  /// First epoch at which an image is asked.
  public let firstEpoch: Moment
  /// Why images are left out, by seed, then by position among the candidates.
  public let leftOut: [Int: [Int: Omission]]
  /// Number of candidates.
  public let candidates: Int
  /// Most images that are used.
  public let limit: Int

  /// Chooses for each seed: the networks of one seed are compared with each other.
  ///
  /// - Parameters:
  ///   - series: all compared networks at one layer.
  ///   - images: the candidates.
  ///   - firstEpoch: first epoch at which the mean foreground entropy must not exceed the mean background entropy.
  ///   - limit: most images that are used; the first valid ones.
  public init(_ series: [EntropySeries], images: ProbeImages, from firstEpoch: Moment, limit: Int) {
    self.firstEpoch = firstEpoch
    self.limit = limit
    candidates = images.count
    leftOut = Dictionary(grouping: series, by: \.seed).mapValues { networks in
      var reasons: [Int: Omission] = [:]
      var used = 0
      for image in 0..<images.count {
        let reason = PublishedSelection.reason(against: image, in: networks, images, from: firstEpoch)
        if reason == nil { used += 1 }
        reasons[image] = reason ?? (used > limit ? .notNeeded : nil)
      }
      return reasons
    }
  }

  private static func reason(
    against image: Int, in networks: [EntropySeries], _ images: ProbeImages, from firstEpoch: Moment
  ) -> Omission? {
    for network in networks {
      for (position, epoch) in network.epochs.enumerated() {
        switch network.maps[position][image].regionEntropies(foreground: images.foreground[image]) {
        case .failure(let reason): return reason
        case .success(let means): if epoch >= firstEpoch, means.foreground > means.background { return .againstPremise }
        }
      }
    }
    return nil
  }

  /// Images that were used, summed over seeds.
  public var used: Int { leftOut.values.reduce(0) { $0 + candidates - $1.count } }
  /// Images that were not valid, summed over seeds.
  public var dropped: Int { leftOut.values.reduce(0) { $0 + $1.values.count { $0 != .notNeeded } } }
  /// Candidates, summed over seeds.
  public var asked: Int { candidates * leftOut.count }
  /// The share of the candidates that were not valid; nil without any.
  public var droppedShare: Double? { asked > 0 ? Double(dropped) / Double(asked) : nil }
}

extension ConceptStudy {
  /// b of the published procedure, nats.
  public static let publishedThreshold = 0.2

  /// A study that counts as the published procedure does: one H̄_bg per network and checkpoint, the mean over the used
  /// images of each image's mean background entropy.
  ///
  /// - Parameters:
  ///   - images: the candidates.
  ///   - series: one per network and seed.
  ///   - firstEpoch: the first checkpoint of arg max and union.
  ///   - selection: which candidates are used; nil for all.
  ///   - bootstrap: how intervals are found.
  /// - Returns: the study at b = 0.2 nats.
  public static func published(
    images: ProbeImages, series: [EntropySeries], firstEpoch: Moment, selection: PublishedSelection?,
    bootstrap: Bootstrap = Bootstrap()
  ) -> ConceptStudy {
    ConceptStudy(
      images: images,
      series: series.map { network in
        var network = network
        network.leftOut = selection?.leftOut[network.seed] ?? [:]
        network.backgrounds = network.epochs.indices.map { position in
          let means = (0..<images.count).compactMap { image in
            try? network.regionEntropies(of: image, at: position, foreground: images.foreground[image]).get().background
          }
          return means.isEmpty ? .nan : means.reduce(0, +) / Double(means.count)
        }
        return network
      }, thresholds: [publishedThreshold], firstEpoch: firstEpoch, procedure: .published, bootstrap: bootstrap)
  }
}
