import Tensors
import Testing

/// Expects the gradients of Σ output · weights to agree with central differences along a random direction.
///
/// Each trainable input is moved alone. The direction is a random one plus the gradient's own, so that the derivative
/// along it is not small by chance. Errors: rounding of the output over the step (1e-7 / 1e-3 and less), the step's
/// square, and ReLUs that the step crosses; 1e-2 holds with room to spare, a wrong factor or sign does not.
///
/// - Parameters:
///   - sources: trainable leaves that `function` reads.
///   - step: relative to values of size 1.
///   - relative: share of the derivative that is allowed as difference.
///   - sourceLocation: where a failure is shown.
///   - function: from the sources, as they are, to any output.
public func expectDirectionalDerivatives(
  of sources: [(name: String, tensor: Tensor)], step: Float = 4e-3, relative: Double = 1e-2,
  sourceLocation: SourceLocation = #_sourceLocation, _ function: () -> Tensor
) {
  let output = function()
  let upstream = Tensor.normal(output.shape, Philox(seed: 91).split(.method, 1))
  let found = gradients(of: output, with: sources.map(\.tensor), upstream: upstream)
  let weights = upstream.floats
  func loss() -> Double {
    zip(function().floats, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  for (place, (source, gradient)) in zip(sources, found).enumerated() {
    let values = source.tensor.floats
    let slopes = gradient.floats
    let noise = Tensor.normal(source.tensor.shape, Philox(seed: 92).split(.method, place)).floats
    let size = Double(globalSquare(slopes) / Double(max(1, slopes.count))).squareRoot()
    guard size > 0 else {
      Issue.record("\(source.name): the gradient is zero everywhere", sourceLocation: sourceLocation)
      continue
    }
    let direction = zip(slopes, noise).map { $0 / Float(size) + $1 }
    let expected = zip(slopes, direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    func lossAt(_ shift: Float) -> Double {
      source.tensor.mutate { target in
        for i in target.indices { target[i] = values[i] + shift * direction[i] }
      }
      return loss()
    }
    let difference = (lossAt(step) - lossAt(-step)) / (2 * Double(step))
    source.tensor.mutate { target in for i in target.indices { target[i] = values[i] } }
    #expect(
      abs(difference - expected) <= relative * abs(expected),
      "\(source.name): \(expected) along the direction, differences give \(difference)", sourceLocation: sourceLocation)
  }
}

private func globalSquare(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) * Double($1) } }
