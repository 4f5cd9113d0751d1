extension EntropySeries {
  /// The profile of every stored epoch, nil where none can be found.
  ///
  /// - Parameters:
  ///   - correction: how it is found.
  ///   - images: the probe images.
  /// - Returns: one per epoch.
  public func profiles(_ correction: PositionCorrection, images: ProbeImages) -> [PositionProfile?] {
    maps.indices.map { profile(correction, of: maps[$0], objectFree[safe: $0], images) }
  }

  /// The same series of maps without what place alone decides, each checkpoint and each repeat by a profile of its own.
  ///
  /// - Parameters:
  ///   - correction: how the profiles are found.
  ///   - images: the probe images.
  /// - Returns: the series; a checkpoint without a profile has no usable map.
  public func adjusted(_ correction: PositionCorrection, images: ProbeImages) -> EntropySeries {
    let profiles = self.profiles(correction, images: images)
    var series = EntropySeries(
      role: role, seed: seed, epochs: epochs,
      maps: zip(maps, profiles).map { maps, profile in maps.map { $0.adjusted(by: profile) } }, distances: distances,
      stepDistances: stepDistances, layerDistances: layerDistances,
      repeats: repeats.indices.map { place in
        let profile = self.profile(correction, of: repeats[place], objectFreeRepeats[safe: place], images)
        return repeats[place].map { $0.adjusted(by: profile) }
      }, times: times)
    series.leftOut = leftOut
    return series
  }

  private func profile(
    _ correction: PositionCorrection, of maps: [EntropyMap], _ objectFree: [EntropyMap]?, _ images: ProbeImages
  ) -> PositionProfile? {
    switch correction {
    case .none: PositionProfile.flat(cells: maps.first?.entropies.count ?? 0)
    case .fit: PositionProfile.fitted(to: maps, foreground: images.foreground)
    case .background, .scrambled: objectFree.flatMap(PositionProfile.init(objectFree:))
    }
  }
}

extension Array {
  fileprivate subscript(safe place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}
