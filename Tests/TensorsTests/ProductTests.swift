import Tensors
import TestSupport
import Testing

@Suite("Products of matrices", .tags(.golden))
struct ProductTests {
  /// Sums of up to 64 products.
  private let sums = Tolerance(relative: 1e-6, ofLargest: 5e-7)

  /// Sums of squared differences, each rounded; no digits are lost to the points' distance from the origin.
  private let differences = Tolerance(relative: 2e-6, ofLargest: 5e-7)

  @Test("have PyTorch's values and gradients", arguments: try Golden.cases("products"))
  func golden(_ golden: GoldenCase) throws {
    switch golden.operation {
    case "linear":
      try golden.hold(sums) { inputs in linear(inputs[0], inputs[1], bias: inputs.dropFirst(2).first) }
    case "matrix-product":
      let (first, second) = try (golden.flag("transposesFirst"), golden.flag("transposesSecond"))
      try golden.hold(sums) { inputs in
        matrixProduct(inputs[0], inputs[1], transposesFirst: first, transposesSecond: second)
      }
    case "batched":
      let (first, second) = try (golden.flag("transposesFirst"), golden.flag("transposesSecond"))
      try golden.hold(sums) { inputs in
        batchedMatrixProduct(inputs[0], inputs[1], transposesFirst: first, transposesSecond: second)
      }
    case "gram": try golden.hold(sums) { gramMatrices($0[0]) }
    case "squared-distances": try golden.hold(differences) { squaredDistances($0[0], $0[1]) }
    case "distances":
      let floor = Float(try golden.number("floor"))
      try golden.hold(differences) { distances($0[0], $0[1], floor: floor) }
    case "cosines":
      // Of points on a line the gradients cancel altogether.
      let gradients = Tolerance(relative: 2e-6, ofLargest: 2e-6, absolute: 4e-6)
      try golden.hold(sums, gradients: gradients) { cosines($0[0], $0[1]) }
    default: golden.reportUnknownOperation()
    }
  }

  @Test("a matrix alone goes with every matrix of a batch")
  func alone() {
    let (a, b) = (Tensor.normal([4, 3], Philox(seed: 1)), Tensor.normal([2, 3, 5], Philox(seed: 2)))
    a.setRequiresGradient(true)
    let product = batchedMatrixProduct(a, b)
    #expect(product.shape == [2, 4, 5])
    let parts = b.unstacked().map { matrixProduct(a, $0) }
    expectClose(product.floats, parts.flatMap(\.floats), relative: 1e-6, absolute: 1e-6)
    let found = gradients(of: product.sum(), with: [a])[0]
    let expected = gradients(of: parts[0].sum() + parts[1].sum(), with: [a])[0]
    #expect(found.shape == [4, 3])
    expectClose(found.floats, expected.floats, relative: 1e-6, absolute: 1e-6)
  }

  @Test("distances of a batch are those of its sets one by one")
  func batchedDistances() {
    let (a, b) = (Tensor.normal([3, 5, 11], Philox(seed: 5)), Tensor.normal([3, 4, 11], Philox(seed: 6)))
    for leaf in [a, b] { leaf.setRequiresGradient(true) }
    let upstream = Tensor.normal([3, 5, 4], Philox(seed: 7))
    let each = stacked(zip(a.unstacked(), b.unstacked()).map { squaredDistances($0, $1) })
    let whole = squaredDistances(a, b)
    expectSame(whole.floats, each.floats)
    let slopes = gradients(of: whole, with: [a, b], upstream: upstream)
    for (own, other) in zip(slopes, gradients(of: each, with: [a, b], upstream: upstream)) {
      expectSame(own.floats, other.floats)
    }
  }

  @Test(
    "distances among one set's points are those to itself, and so are their slopes",
    arguments: [[1, 3], [6, 5], [7, 2100], [2, 9, 40], [3, 8, 0]])
  func oneSet(shape: [Int]) {
    let points = Tensor.normal(Shape(shape), Philox(seed: 12))
    points.setRequiresGradient(true)
    let (own, other) = (squaredDistances(among: points), squaredDistances(points, points))
    expectSame(own.floats, other.floats)
    // Not symmetric: what comes from above and from below the diagonal must both arrive.
    let upstream = Tensor.normal(own.shape, Philox(seed: 13))
    let slopes = [own, other].map { gradients(of: $0, with: [points], upstream: upstream)[0].floats }
    expectClose(slopes[0], slopes[1].map(Double.init), relative: 1e-5, absolute: 1e-3)
    expectSame(distances(among: points.detached()).floats, other.squareRoot().floats)
  }

  @Test("many distances are what each pair's is, whatever the threads", arguments: [1, 2])
  func manyDistances(threads: Int) {
    let before = Threads.count
    defer { Threads.use(before) }
    Threads.use(threads)
    // 1,100 features: more than are looked at in one go.
    let (a, b) = (Tensor.normal([71, 1100], Philox(seed: 3)), Tensor.normal([50, 1100], Philox(seed: 4)))
    let expected = a.unstacked().flatMap { x in
      b.unstacked().map { y in zip(x.floats, y.floats).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) } }
    }
    expectClose(squaredDistances(a, b).floats, expected, relative: 1e-6, absolute: 0)
  }
}
