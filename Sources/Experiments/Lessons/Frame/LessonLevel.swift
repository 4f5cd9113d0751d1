import Support

/// How long a lesson may take on two cores: data, epochs and seeds grow with it, and with them what it can show.
public enum LessonLevel: Int, CaseIterable, Sendable {
  /// In class: the page appears while everybody watches; large differences alone can show.
  case two = 2
  /// In the break.
  case ten = 10
  /// In the evening before.
  case long = 120

  /// - Parameter minutes: as it was written.
  /// - Throws: ``InputError`` where there is no such level.
  public init(minutes: String) throws {
    guard let level = Int(minutes).flatMap(LessonLevel.init(rawValue:)) else {
      throw InputError("--minutes", "is \(minutes)", remedy: "it takes \(Self.words)")
    }
    self = level
  }

  /// `2, 10 or 120`.
  public static let words =
    allCases.dropLast().map { "\($0.rawValue)" }.joined(separator: ", ")
    + " or \(allCases[allCases.count - 1].rawValue)"

  /// The next longer one; nil for the longest.
  var next: LessonLevel? { Self.allCases.first { $0.rawValue > rawValue } }

  /// One of three values.
  func choose<Value>(_ two: Value, _ ten: Value, _ long: Value) -> Value {
    switch self {
    case .two: two
    case .ten: ten
    case .long: long
    }
  }
}
