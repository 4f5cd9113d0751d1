/// Pieces of recipes that lessons share: small drawn pictures, plain networks, one way of distilling.
enum LessonRecipe {
  /// Drawn pictures, small and as easy as so short a training needs: with more time they vary more.
  ///
  /// - Parameters:
  ///   - level: decides how much the objects vary.
  ///   - train: training images.
  ///   - test: test images.
  ///   - size: side of an image, pixels.
  ///   - crop: how training images are cropped at random, a key with its value; they are mirrored in any case.
  /// - Returns: the section.
  static func data(
    at level: LessonLevel, train: Int, test: Int, size: Int = 16, crop: String? = nil
  ) -> String {
    let (clutter, pose) = level.choose((0.2, 0.4), (0.2, 0.5), (0.2, 0.5))
    return
      "data: { set: part-shapes, size: \(size), train: \(train), development: \(max(40, test / 3)), test: \(test), "
      + "clutter: \(clutter), pose: \(pose)\(crop.map { ", \($0)" } ?? "") }"
  }

  /// A network of a family that grows; the widest one has half of its channels where minutes count.
  static func model(_ name: String, at level: LessonLevel) -> String {
    name == "plain10" && level != .long ? "\(name), width: 0.5" : name
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
  ///   - rate: behind the warm-up.
  ///   - fall: of the rate.
  /// - Returns: the section.
  static func training(epochs: Int, rate: Double = 0.05, fall: Fall = .cosine) -> String {
    let schedule =
      switch fall {
      case .cosine: "{ kind: cosine }"
      case .steps: "{ kind: multi-step, at: [\(max(1, epochs * 2 / 3)), \(max(2, epochs * 5 / 6))] }"
      case .none: "{ kind: constant }"
      }
    return "training: { epochs: \(epochs), batch: 32, learning-rate: \(rate), weight-decay: 0.0005, warm-up: 1, "
      + "schedule: \(schedule) }"
  }

  /// How the learning rate falls.
  enum Fall {
    case cosine
    /// Twice, so that early moments of a training are what they are called.
    case steps
    /// Not at all, so that a moment of a training is the end of a shorter one.
    case none
  }
}
