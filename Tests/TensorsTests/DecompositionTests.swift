import Tensors
import TestSupport
import Testing

@Suite("Decompositions of matrices", .tags(.golden))
struct DecompositionTests {
  /// Computed in double precision and rounded once. Gaps of values in the golden cases divide gradients by 0.01 and more.
  private let rounded = Tolerance(relative: 1e-6, ofLargest: 2e-7)
  private let slopes = Tolerance(relative: 1e-5, ofLargest: 1e-6)

  @Test("have PyTorch's values and gradients", arguments: try Golden.cases("decompositions"))
  func golden(_ golden: GoldenCase) throws {
    func hold(_ operation: ([Tensor]) -> Tensor) throws { try golden.hold(rounded, gradients: slopes, operation) }
    switch golden.operation {
    case "singular-values": try hold { singularValues(of: $0[0]).values }
    case "left-vectors": try hold { singularValues(of: $0[0]).left }
    case "right-vectors": try hold { singularValues(of: $0[0]).right }
    case "low-rank":
      try hold { inputs in
        let parts = singularValues(of: inputs[0])
        let first = parts.values.slice(0..<1, alongAxis: 1)
        let left = parts.left.slice(0..<1, alongAxis: 2) * first.reshaped([first.count, 1, 1])
        return batchedMatrixProduct(left, parts.right.slice(0..<1, alongAxis: 2), transposesSecond: true)
      }
    case "eigenvalues": try hold { eigenvalues(ofSymmetric: $0[0] + $0[0].permuted([0, 2, 1])).values }
    case "eigenvectors": try hold { eigenvalues(ofSymmetric: $0[0] + $0[0].permuted([0, 2, 1])).vectors }
    case "solution": try hold { solution(of: $0[0], $0[1]) }
    default: golden.reportUnknownOperation()
    }
  }

  /// Equal singular values, values at zero, a matrix of zeros.
  static let degenerate: [[Float]] = [
    [1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 0, 0, 0, 3, 0, 0, 0, 1], [1, 2, 3, 2, 4, 6, 3, 6, 9],
    [0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 2, 0, 2, 0, 0, 0, 0, 2],
  ]

  @Test("have finite gradients where values are equal or zero", arguments: degenerate)
  func finite(_ values: [Float]) {
    let x = Tensor(values, shape: [1, 3, 3])
    x.setRequiresGradient(true)
    let parts = singularValues(of: x)
    let weights = (1...4).map { Tensor.normal([1, 3, 3], Philox(seed: UInt64($0))) }
    let loss = (parts.left * weights[0] + parts.right * weights[1]).sum() + parts.values.sum()
    #expect(gradients(of: loss, with: [x])[0].isFinite)
    let eigen = eigenvalues(ofSymmetric: x)
    #expect(gradients(of: (eigen.vectors * weights[2]).sum() + eigen.values.squared().sum(), with: [x])[0].isFinite)
    // The parts make up the matrix again, and their vectors are unit vectors.
    let again = batchedMatrixProduct(
      parts.left * parts.values.reshaped([1, 1, 3]), parts.right, transposesSecond: true)
    expectClose(again.floats, values, relative: 1e-6, absolute: 1e-6)
    expectClose(
      gramMatrices(parts.left).floats, [1, 0, 0, 0, 1, 0, 0, 0, 1] as [Float], relative: 1e-6, absolute: 1e-6)
  }

  @Test("of equal values have the true gradient for what depends on their space alone")
  func space() {
    // A = 2 E₁ + E₂ on a plane and a line: the projection on the plane of the equal values is a function of A, and
    // so is the sum of those values.
    let x = Tensor([2, 0, 0, 0, 2, 0, 0, 0, 1], shape: [1, 3, 3])
    x.setRequiresGradient(true)
    func projection(_ matrix: Tensor) -> Tensor {
      let plane = singularValues(of: matrix).right.slice(0..<2, alongAxis: 2)
      return batchedMatrixProduct(plane, plane, transposesSecond: true)
    }
    let direction = Tensor.normal([1, 3, 3], Philox(seed: 5))
    let upstream = Tensor.normal([1, 3, 3], Philox(seed: 6))
    let slope = gradients(of: projection(x), with: [x], upstream: upstream)[0]
    let step: Float = 1e-2
    let ahead = projection(x.detached() + direction * step) - projection(x.detached() - direction * step)
    let difference = (ahead * upstream).sum().item / (2 * step)
    #expect(abs(difference - (slope * direction).sum().item) < 2e-3 * abs(difference))
  }

  @Test("of a matrix that is not finite, or singular where it must not be, are not a number")
  func broken() {
    let x = Tensor([1, .nan, 2, 3], shape: [1, 2, 2])
    let (parts, eigen) = (singularValues(of: x), eigenvalues(ofSymmetric: x))
    let singular = solution(of: .zeros([2, 2]), .ones([2, 1]))
    for broken in [parts.left, parts.values, parts.right, eigen.values, eigen.vectors, singular] {
      #expect(broken.floats.allSatisfy { $0.isNaN })
    }
  }

  @Test(
    "of leading vectors are those of the whole decomposition, with its gradients",
    arguments: [[3, 7, 4], [2, 5, 5], [2, 3, 6]] as [Shape])
  func leading(_ shape: Shape) {
    let x = Tensor.normal(shape, Philox(seed: 8))
    x.setRequiresGradient(true)
    func loss(_ vectors: Tensor, _ values: Tensor) -> Tensor {
      let weights = Tensor.normal(vectors.shape, Philox(seed: 9))
      return (vectors * weights).sum() + values.log().sum()
    }
    let whole = singularValues(of: x)
    let (vectors, values) = (whole.right.slice(0..<2, alongAxis: 2), whole.values.slice(0..<2, alongAxis: 1))
    let own = leadingSingularVectors(2, of: x)
    let alone = withoutRecording { leadingSingularVectors(2, of: x) }
    for found in [own, alone] {
      expectClose(found.vectors.floats, vectors.floats, relative: 1e-5, absolute: 1e-6)
      expectClose(found.values.floats, values.floats, relative: 1e-5, absolute: 1e-6)
    }
    let expected = gradients(of: loss(vectors, values), with: [x])[0]
    expectClose(
      gradients(of: loss(own.vectors, own.values), with: [x])[0].floats, expected.floats, relative: 1e-4, absolute: 1e-5
    )
  }

  @Test("of leading vectors are finite where values are equal or zero", arguments: degenerate)
  func leadingFinite(_ values: [Float]) {
    let x = Tensor(values, shape: [1, 3, 3])
    x.setRequiresGradient(true)
    let parts = leadingSingularVectors(2, of: x)
    let loss = (parts.vectors * Tensor.normal([1, 3, 2], Philox(seed: 1))).sum() + parts.values.sum()
    #expect(gradients(of: loss, with: [x])[0].isFinite)
    let broken = leadingSingularVectors(1, of: Tensor([1, .nan, 2, 3], shape: [1, 2, 2]))
    #expect((broken.vectors.floats + broken.values.floats).allSatisfy { $0.isNaN })
  }

  @Test("of a large batch are those of its matrices one by one")
  func batch() {
    let x = Tensor.normal([40, 16, 9], Philox(seed: 7))
    let whole = singularValues(of: x)
    for (place, matrix) in x.unstacked().enumerated() {
      let one = singularValues(of: matrix)
      expectSame(whole.right.slice(place..<place + 1, alongAxis: 0).floats, one.right.floats)
      expectSame(whole.values.slice(place..<place + 1, alongAxis: 0).floats, one.values.floats)
    }
  }
}
