/// What a study says about a claim.
public enum Verdict: String, Sendable, Codable, CaseIterable {
  /// The difference lies on the claimed side, beyond chance.
  case supported
  /// The difference lies on the other side, beyond chance.
  case contradicted
  /// Chance alone may make such a difference.
  case inconclusive
  /// The study cannot ask the question; the reason is given with it.
  case notTestable = "not testable"
}

/// The side of the other network on which a claim places one.
public enum ClaimedSide: String, Sendable, Codable {
  case larger, smaller
}

/// A condition without which a claim cannot be judged.
public struct Gate: Sendable, Equatable, Codable {
  /// What must hold, in a clause.
  public let condition: String
  /// Why it does not; nil where it does.
  public let failure: String?

  /// - Parameters:
  ///   - condition: what must hold.
  ///   - failure: why it does not; nil where it does.
  public init(_ condition: String, failure: String? = nil) {
    self.condition = condition
    self.failure = failure
  }

  /// A gate that is closed with a reason unless something holds.
  ///
  /// - Parameters:
  ///   - condition: what must hold.
  ///   - holds: whether it does.
  ///   - failure: why it does not.
  public init(_ condition: String, holds: Bool, otherwise failure: @autoclosure () -> String) {
    self.init(condition, failure: holds ? nil : failure())
  }

  /// Whether the condition holds.
  public var isOpen: Bool { failure == nil }
}
