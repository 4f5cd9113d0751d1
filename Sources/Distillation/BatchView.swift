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
  /// As the recipe augments them, for the student; a second time as the teacher alone sees them.
  case taught(TeacherView)

  /// How often the student sees each image in an epoch.
  public var count: Int {
    switch self {
    case .ordinary, .taught: 1
    case .strong, .twice: 2
    case .rotations: 4
    }
  }

  /// Whether images come a second time.
  public var isDouble: Bool {
    switch self {
    case .strong, .twice, .taught: true
    case .ordinary, .rotations: false
    }
  }
}

/// How a teacher sees an image that its student sees augmented (Beyer et al., "Knowledge Distillation: A Good Teacher Is
/// Patient and Consistent", CVPR 2022, Fig. 2).
public enum TeacherView: String, OptionChoice, Codable {
  /// Just as the student does: consistent teaching.
  case same
  /// As it is stored, without augmentation: a fixed teacher.
  case clean
  /// Augmented by draws of its own: independent noise.
  case another

  /// How images are shown to both.
  public var batchView: BatchView { self == .same ? .ordinary : .taught(self) }
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
