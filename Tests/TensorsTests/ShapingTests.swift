import Tensors
import TestSupport
import Testing

@Suite("Shaping", .tags(.golden))
struct ShapingTests {
  /// Values only move; gradients of repeated values are sums of a few.
  private let moved = Tolerance(relative: 0)
  private let summed = Tolerance(relative: 1e-6, ofLargest: 1e-7)
  private let few = Tolerance(relative: 1e-6, ofLargest: 2e-7)

  @Test("gives PyTorch's values and gradients", arguments: try Golden.cases("shaping"))
  func golden(_ golden: GoldenCase) throws {
    switch golden.operation {
    case "reshape":
      let shape = Shape(try golden.integers("shape"))
      try golden.hold(moved) { $0[0].reshaped(shape) }
    case "permute":
      let order = try golden.integers("order")
      try golden.hold(moved) { $0[0].permuted(order) }
    case "transpose": try golden.hold(moved) { $0[0].transposed() }
    case "concatenate":
      let axis = try golden.integer("axis")
      try golden.hold(moved) { concatenated($0, alongAxis: axis) }
    case "slice":
      let (axis, range) = try (golden.integer("axis"), golden.integer("start")..<golden.integer("end"))
      try golden.hold(moved) { $0[0].slice(range, alongAxis: axis) }
    case "rows":
      let indices = try golden.integers("indices")
      try golden.hold(moved, gradients: summed) { $0[0].rows(indices) }
    case "picked":
      let columns = try golden.integers("columns")
      try golden.hold(moved) { $0[0].picked(columns) }
    case "pad":
      let (before, after) = try (golden.integers("before"), golden.integers("after"))
      try golden.hold(moved) { $0[0].padded(before: before, after: after) }
    case "pad-value":
      let (before, after) = try (golden.integers("before"), golden.integers("after"))
      let value = Float(try golden.number("value"))
      try golden.hold(moved) { $0[0].padded(before: before, after: after, value: value) }
    case "stack":
      let axis = try golden.integer("axis")
      try golden.hold(moved) { stacked($0, alongAxis: axis) }
    case "split":
      let (axis, extents) = try (golden.integer("axis"), golden.integers("extents"))
      try golden.hold(few) { inputs in
        let parts = inputs[0].split(extents, alongAxis: axis)
        return concatenated(parts.enumerated().map { $0.element * Float($0.offset + 1) }, alongAxis: axis)
      }
    case "unstack":
      let axis = try golden.integer("axis")
      try golden.hold(few) { inputs in
        let parts = inputs[0].unstacked(alongAxis: axis).enumerated().map { $0.element * Float($0.offset + 1) }
        return parts.dropFirst().reduce(parts[0], +)
      }
    case "broadcast":
      let shape = Shape(try golden.integers("shape"))
      try golden.hold(moved, gradients: summed) { $0[0].broadcast(to: shape) }
    default: golden.reportUnknownOperation()
    }
  }

  @Test("permuting large feature maps there and back gives them again")
  func permuting() {
    let map = Tensor.normal([5, 33, 17, 19], Philox(seed: 1))
    let channelsFirst = map.permuted([0, 3, 1, 2])
    expectSame(movedChannels(channelsFirst.floats, channelsFirst.shape.dimensions).values, map.floats)
    expectSame(channelsFirst.permuted([0, 2, 3, 1]).floats, map.floats)
  }

  @Test("a tensor tells its values, its item and whether it is empty")
  func values() {
    #expect(Tensor.filled(2.5, shape: [2, 2]).floats == [2.5, 2.5, 2.5, 2.5])
    #expect(Tensor(7).item == 7 && Tensor(7).shape == .scalar)
    #expect(Tensor.zeros([0, 3]).floats.isEmpty && Tensor.ones([3]).count == 3)
    #expect(Shape([2, 3])[-1] == 3 && Shape([2, 3]).description == "[2, 3]")
    #expect(Tensor([1, 5, 2, 9, 9, 0], shape: [2, 3]).argmaxOfRows() == [1, 0])
  }
}
