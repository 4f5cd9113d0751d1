import Support

/// How the training images of a step are shown to the networks.
public enum BatchView: Sendable, Equatable {
  /// As the recipe augments them.
  case ordinary
  /// As the recipe augments them, and each a second time, strongly augmented; the label term is the sum over both.
  case strong
  /// Twice as the recipe augments them, each time by draws of its own; the label term is that of the first.
  case twice
  /// Each turned by 0°, 90°, 180° and 270°, [4 · batch, …], an image's four one after the other; the label term is that
  /// of the upright ones.
  case rotations

  /// How often the student sees each image in an epoch.
  public var count: Int {
    switch self {
    case .ordinary: 1
    case .strong, .twice: 2
    case .rotations: 4
    }
  }
}

/// Which statistics normalise a frozen teacher's features.
public enum TeacherStatistics: Sendable, Hashable {
  /// The running averages of its training.
  case running
  /// Those of the batch; the running averages stay as they are.
  case batch
}

extension Collection where Element == any DistillationMethod {
  /// How images are shown to networks that learn from all of these methods.
  ///
  /// - Parameter place: where the student stands in the recipe.
  /// - Returns: the view that one of them needs.
  /// - Throws: ``InputError`` if they need different views.
  public func view(at place: String) throws -> BatchView {
    guard let special = first(where: { $0.view != .ordinary }) else { return .ordinary }
    for other in self where other.view != special.view {
      // A method that wants nothing but ordinary images finds them beside the strong ones, not among rotated ones.
      guard special.view == .strong, other.view == .ordinary else {
        let (name, with) = (type(of: special).entry.name, type(of: other).entry.name)
        throw InputError(
          place, "\(name) and \(with) see different images: their terms cannot be summed",
          remedy: "give each a student of its own")
      }
    }
    return special.view
  }
}
