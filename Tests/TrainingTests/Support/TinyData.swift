import Datasets
import Support

/// Pictures of 16×16 pixels that a small network learns in a second.
enum TinyData {
  /// 120 images to train on, easy ones, with 60 held out.
  static let splits: DataSplits = {
    do {
      let entry = try DatasetCatalog.entry("part-shapes")
      let options = try Options(
        [
          "size": .number(16), "train": .number(120), "development": .number(60), "test": .number(20),
          "clutter": .number(0), "pose": .number(0.2), "pad-crop": .number(1), "texture-correlation": .number(1),
        ], for: entry, at: "TinyData")
      return try DatasetCatalog.load("part-shapes", options, seed: 1)
    } catch {
      preconditionFailure("TinyData: \(error)")
    }
  }()
}
