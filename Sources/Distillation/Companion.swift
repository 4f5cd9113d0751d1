import Tensors

/// What a method's own parts learn beside the student in the joint training: a term of weight 1, whatever the weight of
/// the method, whose gradient does not reach the student.
public struct Companion {
  /// Name of the term in logs, behind that of the method: `attention`.
  public let name: String
  /// The loss of a step, a scalar.
  public let loss: (KnowledgeStep) -> Tensor

  /// - Parameters: as the properties.
  public init(_ name: String, loss: @escaping (KnowledgeStep) -> Tensor) {
    self.name = name
    self.loss = loss
  }
}
