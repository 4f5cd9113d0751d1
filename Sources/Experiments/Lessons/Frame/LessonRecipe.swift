/// Pieces of recipes that lessons share: small drawn pictures, plain networks, one way of distilling.
enum LessonRecipe {
  /// Drawn pictures, small and as easy as so short a training needs: with more time they vary more.
  ///
  /// - Parameters:
  ///   - level: decides how much the objects vary.
  ///   - train: training images.
  ///   - test: test images.
  ///   - size: side of an image, pixels.
  ///   - isAugmented: whether training images are shifted, not only mirrored.
  /// - Returns: the section.
  static func data(
    at level: LessonLevel, train: Int, test: Int, size: Int = 16, isAugmented: Bool = false
  ) -> String {
    let (clutter, pose) = level.choose((0.2, 0.4), (0.2, 0.5), (0.2, 0.5))
    return
      "data: { set: part-shapes, size: \(size), train: \(train), development: \(max(40, test / 3)), test: \(test), "
      + "clutter: \(clutter), pose: \(pose)\(isAugmented ? ", pad-crop: \(size / 8)" : "") }"
  }

  /// What a network learns from that learns from labels alone: it can teach all the same.
  static let alone = "labels: { weight: 1 }, distillation: [ { method: label-smoothing, weight: 0 } ]"

  /// Softened logits of a teacher beside the labels.
  static func kd(temperature: Double = 4, labels: Double = 0.1) -> String {
    "labels: { weight: \(labels) }, distillation: [ { method: kd, temperature: \(temperature), "
      + "weight: \(((1 - labels) * 1000).rounded() / 1000) } ]"
  }

  /// The training of every network.
  ///
  /// - Parameters:
  ///   - epochs: passes over the data.
  ///   - falls: whether the rate falls in two steps, so that early moments of a training are what they are called; else
  ///     as a cosine.
  /// - Returns: the section.
  static func training(epochs: Int, falls: Bool = false) -> String {
    let steps = "{ kind: multi-step, at: [\(max(1, epochs * 2 / 3)), \(max(2, epochs * 5 / 6))] }"
    return "training: { epochs: \(epochs), batch: 32, learning-rate: 0.05, weight-decay: 0.0005, warm-up: 1, "
      + "schedule: \(falls ? steps : "{ kind: cosine }") }"
  }
}
