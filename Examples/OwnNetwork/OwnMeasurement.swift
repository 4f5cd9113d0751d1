import KDScope

/// A measurement of one's own: the share of a layer's filters that stay silent whatever image is shown.
struct OwnMeasurement: RunMeasurement {
  static let entry = CatalogEntry(
    "silent", "the share of a layer's filters that no test image wakes", options: [layers.option])
  private static let layers = OptionKey.texts("layers", default: ["conv2"], "of the students' network")

  private let layers: [String]

  init(_ options: Options, _ student: any Network, place: (String) -> String) throws {
    layers = options[Self.layers]
    for layer in layers { _ = try student.probePoint(layer, at: place("layers")) }
  }

  func images(of data: DataSplits) -> Int { data.test.count }

  func measure(_ network: any Network, _ data: DataSplits) throws -> [Double] {
    let maker = BatchMaker(data.test, normalization: data.normalization, augmentation: nil, seed: 0)
    return layers.map { layer in
      guard network.probePoints.contains(where: { $0.name == layer }) else { return .nan }
      // [images, channels], averaged over places: behind a ReLU 0 means that it was silent everywhere.
      let rows = FeatureRows.pooled(network, at: [layer], count: data.test.count) { maker.images($0) }[0]
      let (channels, values) = (rows.shape[1], rows.floats)
      let silent = (0..<channels).filter { channel in
        stride(from: channel, to: values.count, by: channels).allSatisfy { values[$0] == 0 }
      }
      return Double(silent.count) / Double(channels)
    }
  }

  var numbers: MeasuredNumbers {
    MeasuredNumbers(
      title: "Silent filters", items: layers, item: "layer", value: "silent",
      meaning: "Share of the layer's filters that are 0 at every place of every test image.", axis: "share silent",
      shown: (100, "%", "points"), range: 0...1, caption: "Filters that are 0 at every place of every test image.",
      reading: "A filter that no image wakes learns nothing any more.")
  }
}
