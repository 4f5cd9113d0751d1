import Tensors
import TestSupport
import Testing

@Suite("Sorting, choosing and gathering", .tags(.golden))
struct SelectionTests {
  /// Values only move; what goes to one place is added up.
  private let moved = Tolerance(relative: 0)
  private let added = Tolerance(relative: 1e-6, ofLargest: 2e-7)
  private let exponentials = Tolerance(relative: 2e-6, ofLargest: 5e-7)

  @Test("have PyTorch's values, places and gradients", arguments: try Golden.cases("selection"))
  func golden(_ golden: GoldenCase) throws {
    let axis = golden.hasOption("axis") ? try golden.integer("axis") : 0
    switch golden.operation {
    case "sort":
      let descending = try golden.flag("descending")
      try ordered(golden) { $0.sorted(alongAxis: axis, descending: descending) }
    case "top":
      let (count, smallest) = try (golden.integer("count"), golden.flag("smallest"))
      try ordered(golden) { $0.top(count, alongAxis: axis, smallest: smallest) }
    case "gather":
      let indices = try indices(golden)
      try golden.hold(moved, gradients: added) { $0[0].gathered(indices, alongAxis: axis) }
    case "scatter-add":
      let (indices, extent) = try (indices(golden), golden.integer("extent"))
      try golden.hold(added, gradients: moved) { $0[0].scatterAdded(indices, alongAxis: axis, extent: extent) }
    case "taken":
      let places = try golden.integers("indices")
      try golden.hold(moved, gradients: added) { $0[0].taken(places, alongAxis: axis) }
    case "added":
      let (places, extent) = try (golden.integers("indices"), golden.integer("extent"))
      try golden.hold(added, gradients: moved) { $0[0].added(at: places, alongAxis: axis, extent: extent) }
    case "one-hot":
      let output = try oneHot(golden.integers("labels"), classes: golden.integer("classes"))
      try expectClose(output, golden.stored("output"), moved)
    case "chosen": try golden.hold(moved, gradients: added) { chosen(where: $0[0], $0[1], $0[2]) }
    case "soft": try golden.hold(exponentials) { $0[0].softmax(alongAxis: axis) }
    case "log-soft": try golden.hold(exponentials) { $0[0].logSoftmax(alongAxis: axis) }
    default: golden.reportUnknownOperation()
    }
  }

  private func indices(_ golden: GoldenCase) throws -> Indices {
    let stored = try golden.stored("indices")
    return Indices(try stored.integers().map { Int($0) }, shape: Shape(stored.shape))
  }

  private func ordered(_ golden: GoldenCase, _ order: (Tensor) -> (values: Tensor, indices: Indices)) throws {
    if golden.has("indices") {
      let (found, expected) = (order(try golden.inputs()[0]).indices, try indices(golden))
      #expect(found == expected)
    }
    try golden.hold(moved) { order($0[0]).values }
  }

  @Test("of many lines is what each line's is, whatever the threads", arguments: [1, 2])
  func manyLines(threads: Int) {
    let before = Threads.count
    defer { Threads.use(before) }
    Threads.use(threads)
    let x = Tensor.normal([3, 50, 400], Philox(seed: 1))
    let (values, indices) = x.sorted(alongAxis: 1, descending: true)
    func line(_ tensor: Tensor) -> [Float] {
      let floats = tensor.floats
      return (0..<50).map { floats[(50 + $0) * 400 + 7] }
    }
    expectSame(line(values), line(x).sorted(by: >))
    expectSame(x.gathered(indices, alongAxis: 1).floats, values.floats)
    // Every value goes back to where it came from.
    expectSame(values.scatterAdded(indices, alongAxis: 1, extent: 50).floats, x.floats)
  }

  @Test("not-a-number is sorted as the largest, and what is not chosen does not matter")
  func notANumber() {
    let x = Tensor([2, .nan, -.infinity, .infinity, 1], shape: [5])
    #expect(x.sorted(alongAxis: 0).indices.values == [2, 4, 0, 3, 1])
    #expect(x.sorted(alongAxis: 0, descending: true).indices.values == [1, 3, 0, 4, 2])
    let y = Tensor([1, 2, 3, 4, 5], shape: [5])
    for tensor in [x, y] { tensor.setRequiresGradient(true) }
    let result = chosen(where: x.mask { $0.isFinite }, x, y)
    #expect(result.floats == [2, 2, 3, 4, 1])
    let found = gradients(of: result.squared().sum(), with: [x, y])
    #expect(found.map(\.floats) == [[4, 0, 0, 0, 2], [0, 4, 6, 8, 0]])
  }

  @Test("masks compare with a number, or pair by pair with broadcasting")
  func masks() {
    let x = Tensor([1, -2, 3, 0], shape: [2, 2])
    let positive = x.mask { $0 > 0 }
    #expect(positive.floats == [1, 0, 1, 0])
    let pairs = mask(x, Tensor([1, 0], shape: [2])) { $0 >= $1 }
    #expect(pairs.floats == [1, 0, 1, 1])
  }

  @Test("a gradient can be scaled, turned or passed straight through a rounding")
  func gradientControl() {
    let x = Tensor([0.4, 1.5, -2.5], shape: [3])
    x.setRequiresGradient(true)
    #expect(x.scalingGradient(by: -2).floats == x.floats)
    #expect(gradients(of: (x.scalingGradient(by: -2) * 3).sum(), with: [x])[0].floats == [-6, -6, -6])
    let rounded = x.roundedStraightThrough()
    #expect(rounded.floats == [0, 2, -2])
    #expect(gradients(of: rounded.squared().sum(), with: [x])[0].floats == [0, 4, -4])
  }

  @Test(
    "an objective of products with rows of a table is that of gathered rows, with its gradient",
    arguments: [(5, 4, 9), (32, 256, 9), (37, 600, 9), (5, 4, 70), (64, 270, 5000)])
  func rowsOfTable(width: Int, count: Int, entries: Int) {
    let queries = Tensor.normal([3, width], Philox(seed: 1))
    let table = Tensor.normal([entries, width], Philox(seed: 2))
    queries.setRequiresGradient(true)
    var generator = RandomGenerator(Philox(seed: 3))
    let rows = (0..<3 * count).map { _ in Int.random(in: 0..<entries, using: &generator) }
    let gathered = batchedMatrixProduct(
      table.rows(rows).reshaped([3, count, width]), queries.reshaped([3, width, 1])
    ).reshaped([3, count])
    // f(x) = (1 + k) x² / K²: the place counts as well as the product.
    let scale = 1 / Float(count * count)
    let factors = Tensor((0..<count).map { Float(1 + $0) * scale }, shape: [count])
    let expected = (gathered.squared() * factors).sum()
    let found = rowObjective(queries, table, rows) { products, first in
      var sum = 0.0
      for (place, x) in products.enumerated() {
        let factor = Float(1 + first + place) * scale
        sum += Double(factor * x * x)
        products[place] = 2 * factor * x
      }
      return sum
    }
    expectClose(found.floats, expected.floats, relative: 1e-5, absolute: 1e-5)
    let slopes = [found, expected].map { gradients(of: $0 * 3, with: [queries])[0].floats }
    expectClose(slopes[0], slopes[1], relative: 1e-5, absolute: 1e-5)
  }
}
