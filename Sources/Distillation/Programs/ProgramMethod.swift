import Models
import NeuralNetworks

/// A method that is no term of a sum: it trains the student in a way of its own, alone.
public protocol ProgramMethod: DistillationMethod {
  /// The training of a student by this method.
  func program(_ frame: ProgramFrame) throws -> any TrainingProgram
}

extension ProgramMethod {
  /// Yes.
  public static var trainsAlone: Bool { true }
  /// ``program(_:)``.
  public func ownProgram(_ frame: ProgramFrame) throws -> (any TrainingProgram)? { try program(frame) }
}

/// What a recipe says of the training beside the method.
public struct ProgramFrame {
  /// The network that learns.
  public let student: any Network
  /// Weight of the cross-entropy with the labels.
  public let labelWeight: Float
  /// Weight of the method.
  public let weight: Float
  /// Limit on the global norm of the gradients; nil for none.
  public let clipNorm: Float?
  /// Is given the parameters that are trained.
  public let makeOptimizer: ([Parameter]) -> any Optimizer

  /// - Parameters: as the properties.
  public init(
    student: any Network, labelWeight: Float, weight: Float, clipNorm: Float? = nil,
    makeOptimizer: @escaping ([Parameter]) -> any Optimizer
  ) {
    self.student = student
    self.labelWeight = labelWeight
    self.weight = weight
    self.clipNorm = clipNorm
    self.makeOptimizer = makeOptimizer
  }
}
