import Support

/// The probe images, as far as counting concepts needs them.
public struct ProbeImages: Sendable, Equatable, Codable {
  /// Each image's index in its data set, for tables and galleries.
  public let indices: [Int]
  /// Λ_fg: which cells of each image are foreground, row by row; the others are Λ_bg.
  public let foreground: [[Bool]]

  /// - Parameters:
  ///   - indices: each image's index in its data set.
  ///   - foreground: one flag per cell, for each image.
  public init(indices: [Int], foreground: [[Bool]]) {
    precondition(
      indices.count == foreground.count, "ProbeImages: \(indices.count) indices for \(foreground.count) masks")
    self.indices = indices
    self.foreground = foreground
  }

  /// Number of images.
  public var count: Int { indices.count }

  /// Whether there is none.
  public var isEmpty: Bool { indices.isEmpty }

  /// Why no map of the image can be counted, if so: one of its regions has no cell.
  public func omission(of image: Int) -> Omission? {
    if !foreground[image].contains(true) { return .noForegroundCell }
    return foreground[image].contains(false) ? nil : .noBackgroundCell
  }
}

/// Everything that was measured of one training run: its entropy maps at every stored epoch, and how far its weights went.
public struct EntropySeries: Sendable, Equatable, Codable {
  /// What the network is ("teacher", "baseline", "student"; with several students, a name for each).
  public let role: String
  /// The training seed; runs of equal seed are compared in pairs.
  public let seed: Int
  /// The stored moments of the training, ascending; 0 is the initialisation.
  public let epochs: [Moment]
  /// The maps, by epoch, then by probe image.
  public let maps: [[EntropyMap]]
  /// d_k at each stored epoch: Σ_{j≤k} ‖w_j − w_{j−1}‖ / ‖w_0‖ over epochs j, dimensionless.
  public let distances: [Double]
  /// The same sum over optimiser steps (the published form); nil where the trainer did not keep it.
  public let stepDistances: [Double]?
  /// The sum over optimiser steps for the measured layer's weights alone; nil where the trainer did not keep it.
  public let layerDistances: [Double]?
  /// H̄_bg that cells are held against at each stored epoch, nats: one for all images; each image's own where nil.
  public var backgrounds: [Double]?
  /// Images that take no part, and why.
  public var leftOut: [Int: Omission] = [:]
  /// The last checkpoint measured again with fresh draws, by repeat, then by image: as many repeats as epochs of learning
  /// make the noise floor of ρ. Empty where it was not measured.
  public let repeats: [[EntropyMap]]
  /// Maps of pictures without an object, by epoch; empty where position is not removed by them.
  public let objectFree: [[EntropyMap]]
  /// The same for every repeat: each has a profile of its own.
  public let objectFreeRepeats: [[EntropyMap]]
  /// When each stored epoch was reached, as a share of the baseline's optimiser steps; stages before the joint training
  /// count, a classifier stage behind it does not.
  public let times: [Double]

  /// - Parameters:
  ///   - role: what the network is.
  ///   - seed: the training seed.
  ///   - epochs: the stored epochs, ascending, at least one.
  ///   - maps: by epoch, then by probe image.
  ///   - distances: d_k at each stored epoch.
  ///   - stepDistances: the same over optimiser steps.
  ///   - layerDistances: the same for the measured layer's weights alone.
  ///   - repeats: the last checkpoint measured again, by repeat, then by image.
  ///   - objectFree: maps of pictures without an object, by epoch.
  ///   - objectFreeRepeats: the same for every repeat.
  ///   - times: when each stored epoch was reached; its share of the last one where nil.
  public init(
    role: String, seed: Int, epochs: [Moment], maps: [[EntropyMap]], distances: [Double],
    stepDistances: [Double]? = nil,
    layerDistances: [Double]? = nil, repeats: [[EntropyMap]] = [], objectFree: [[EntropyMap]] = [],
    objectFreeRepeats: [[EntropyMap]] = [], times: [Double]? = nil
  ) {
    precondition(!epochs.isEmpty, "EntropySeries: no epochs")
    precondition(zip(epochs, epochs.dropFirst()).allSatisfy(<), "EntropySeries: epochs \(epochs) do not ascend")
    precondition(maps.count == epochs.count, "EntropySeries: maps of \(maps.count) epochs for \(epochs.count)")
    precondition(
      distances.count == epochs.count, "EntropySeries: \(distances.count) distances for \(epochs.count) epochs")
    for steps in [stepDistances, layerDistances] {
      precondition(
        steps.map { $0.count == epochs.count } ?? true,
        "EntropySeries: \(steps?.count ?? 0) step distances for \(epochs.count) epochs")
    }
    precondition(
      times.map { $0.count == epochs.count } ?? true,
      "EntropySeries: \(times?.count ?? 0) times for \(epochs.count) epochs")
    self.role = role
    self.seed = seed
    self.epochs = epochs
    self.maps = maps
    self.distances = distances
    self.stepDistances = stepDistances
    self.layerDistances = layerDistances
    self.repeats = repeats
    self.objectFree = objectFree
    self.objectFreeRepeats = objectFreeRepeats
    self.times = times ?? epochs.map { $0.epochs / max(1, epochs[epochs.count - 1].epochs) }
  }
}

extension EntropySeries {
  /// The number of concepts of one image at one checkpoint.
  ///
  /// - Parameters:
  ///   - image: position among the probe images.
  ///   - position: among the stored epochs.
  ///   - foreground: Λ_fg of the image, one flag per cell.
  ///   - threshold: b, nats.
  /// - Returns: the counts, or why there are none.
  public func conceptCount(
    of image: Int, at position: Int, foreground: [Bool], threshold: Double
  ) -> Result<ConceptCount, Omission> {
    if let reason = leftOut[image] { return .failure(reason) }
    return maps[position][image].conceptCount(
      foreground: foreground, threshold: threshold, background: backgrounds?[position])
  }

  /// The mean entropies of an image's two regions at one checkpoint.
  ///
  /// - Parameters:
  ///   - image: position among the probe images.
  ///   - position: among the stored epochs.
  ///   - foreground: Λ_fg of the image, one flag per cell.
  /// - Returns: the means in nats, or why there are none.
  public func regionEntropies(
    of image: Int, at position: Int, foreground: [Bool]
  ) -> Result<RegionEntropies, Omission> {
    if let reason = leftOut[image] { return .failure(reason) }
    return maps[position][image].regionEntropies(foreground: foreground)
  }
}
