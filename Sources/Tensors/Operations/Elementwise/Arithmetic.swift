extension Tensor {
  /// Sum, broadcast by NumPy's rule.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    broadcastVectors(a, b, "add", Sum())
      .recorded("add", [a, b], isRecordable: true) { [first = (a.node, a.shape), second = (b.node, b.shape)] gradient in
        [
          Node.isWanted(first.0) ? gradient.summed(to: first.1) : nil,
          Node.isWanted(second.0) ? gradient.summed(to: second.1) : nil,
        ]
      }
  }

  /// Difference, broadcast by NumPy's rule.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    broadcastVectors(a, b, "subtract", Difference())
      .recorded("subtract", [a, b], isRecordable: true) {
        [first = (a.node, a.shape), second = (b.node, b.shape)] gradient in
        [
          Node.isWanted(first.0) ? gradient.summed(to: first.1) : nil,
          Node.isWanted(second.0) ? (-gradient).summed(to: second.1) : nil,
        ]
      }
  }

  /// Product element by element, broadcast by NumPy's rule.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    broadcastVectors(a, b, "multiply", Product())
      .recorded("multiply", [a, b], isRecordable: true) { gradient in
        [
          a.isWanted ? (gradient * b).summed(to: a.shape) : nil,
          b.isWanted ? (gradient * a).summed(to: b.shape) : nil,
        ]
      }
  }

  /// Quotient element by element, broadcast by NumPy's rule.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    broadcastVectors(a, b, "divide", Quotient())
      .recorded("divide", [a, b], isRecordable: true) { gradient in
        [
          a.isWanted ? (gradient / b).summed(to: a.shape) : nil,
          b.isWanted ? (-(gradient * a) / (b * b)).summed(to: b.shape) : nil,
        ]
      }
  }

  /// Sum with a number.
  public static func + (a: Tensor, b: Float) -> Tensor {
    mapVectors(a, Offset(summand: b)).recorded("add", [a], isRecordable: true) { [$0] }
  }

  /// Difference from a number.
  public static func - (a: Tensor, b: Float) -> Tensor { a + (-b) }

  /// Difference of a number and each element.
  public static func - (a: Float, b: Tensor) -> Tensor { -b + a }

  /// Product with a number.
  public static func * (a: Tensor, b: Float) -> Tensor {
    mapVectors(a, Scaling(factor: b)).recorded("multiply", [a], isRecordable: true) { [$0 * b] }
  }

  /// Product with a number.
  public static func * (a: Float, b: Tensor) -> Tensor { b * a }

  /// Quotient by a number.
  public static func / (a: Tensor, b: Float) -> Tensor {
    mapVectors(a, Division(divisor: b)).recorded("divide", [a], isRecordable: true) { [$0 / b] }
  }

  /// Quotient of a number and each element.
  public static func / (a: Float, b: Tensor) -> Tensor { Tensor(a) / b }

  /// Each element with its sign turned.
  public static prefix func - (a: Tensor) -> Tensor {
    mapVectors(a, Negation()).recorded("negate", [a], isRecordable: true) { [-$0] }
  }
}

/// The larger of each pair, broadcast by NumPy's rule; ties share the gradient equally, as in PyTorch.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { extrema("maximum", a, b, Larger(), FirstIsLarger()) }

/// The smaller of each pair, broadcast by NumPy's rule; ties share the gradient equally, as in PyTorch.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { extrema("minimum", a, b, Smaller(), FirstIsSmaller()) }

// `first` is the share of the first in what `kernel` takes of a pair: 1, ½ or 0.
@inline(__always)
private func extrema(
  _ name: String, _ a: Tensor, _ b: Tensor, _ kernel: some BinaryKernel, _ first: some BinaryKernel
) -> Tensor {
  broadcastVectors(a, b, name, kernel).recorded(name, [a, b], isRecordable: true) { gradient in
    let share = broadcastVectors(a, b, name, first)
    return [
      a.isWanted ? (gradient * share).summed(to: a.shape) : nil,
      b.isWanted ? (gradient * (1 - share)).summed(to: b.shape) : nil,
    ]
  }
}
