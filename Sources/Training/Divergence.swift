/// A training that cannot go on because a loss, a gradient or a weight is not a number. Exit code 1.
///
/// Other than a full disk it is a finding about the method: whoever trains several may go on with the others.
public struct Divergence: Error, CustomStringConvertible, Sendable, Equatable {
  /// What is not a number, and when: "loss term 'fsp' is not a number at step 5 (epoch 1)".
  public let problem: String
  /// One line: where, what, and what would help.
  public let description: String
}
