import Models
import Support

/// The part that a network has in a training.
///
/// It decides what becomes of the network: each that learns has checkpoints, an evaluation after every epoch and columns in
/// the log, in a folder of its own below that of the training.
public struct Role: Hashable, Sendable, CustomStringConvertible {
  /// Name of its folder, and before its columns.
  public let description: String

  private init(_ name: String) { description = name }

  /// The network that is deployed and measured: the training's own folder is its.
  public static let student = Role("student")
  /// The network of a training whose deployed one is an average of its weights.
  public static let learner = Role("learner")
  /// A network that trains beside the student, as the one that it wants to be like.
  public static let booster = Role("booster")

  /// One of several networks that teach each other.
  ///
  /// - Parameter number: from 2 on: the student is the first.
  /// - Returns: its role.
  public static func peer(_ number: Int) -> Role {
    precondition(number > 1, "Role: peer \(number)")
    return Role("peer-\(number)")
  }
}

/// A network whose weights a training changes.
public struct Participant {
  /// What it is there for.
  public let role: Role
  /// The network.
  public let network: any Network

  /// - Parameters:
  ///   - role: what it is there for.
  ///   - network: the network.
  public init(_ role: Role, _ network: any Network) {
    self.role = role
    self.network = network
  }
}
