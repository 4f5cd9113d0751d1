import Tensors
import TestSupport
import Testing

/// The fused second derivative of batch normalisation, which is taken where only the input's gradient is asked for,
/// beside the one in plain operations, which is taken where scale and shift are asked for too.
@Suite("Second derivatives of batch normalisation")
struct NormalizationSlopesTests {
  @Test(
    "are the same fused and in plain operations",
    arguments: [[2, 3, 3, 5], [4, 8, 8, 16], [3, 5, 4, 20], [1, 1, 6, 1], [64, 8, 8, 3]] as [Shape], [false, true])
  func fused(shape: Shape, relu: Bool) {
    let channels = shape[3]
    func leaf(_ shape: Shape, _ seed: UInt64) -> Tensor {
      let tensor = Tensor.normal(shape, Philox(seed: seed)) * 1.5 + 0.3
      let leaf = tensor.detached()
      leaf.setRequiresGradient(true)
      return leaf
    }
    let (x, g, scale) = (leaf(shape, 1), leaf(shape, 2), leaf([channels], 3))
    let shift = leaf([channels], 4)
    let cotangent = Tensor.normal(shape, Philox(seed: 5))
    func second(with asked: [Tensor]) -> [Tensor] {
      let output = batchNormalization(x, scale: scale, shift: shift, relu: relu).output
      let first = gradients(of: (output * g).sum(), with: asked, keepsTape: true, recordsAgain: true)[0]
      return gradients(of: (first * cotangent).sum(), with: [x, g, scale])
    }
    for (fused, plain) in zip(second(with: [x]), second(with: [x, scale, shift])) {
      let (own, expected) = (fused.floats, plain.floats)
      let largest = expected.reduce(Float(0)) { max($0, abs($1)) }
      #expect(largest > 0)
      for (a, b) in zip(own, expected) { #expect(abs(a - b) <= 2e-5 * largest) }
    }
  }

  @Test("leave out what is not asked for")
  func pruned() {
    let (x, y) = (Tensor([2, 3], shape: [2]), Tensor([5, 7], shape: [2]))
    x.setRequiresGradient(true)
    y.setRequiresGradient(true)
    let middle = x * y
    let output = (middle * middle + y).sum()
    // d/d(middle) stops there; the way on to the leaves stays on the tape.
    #expect(gradients(of: output, with: [middle], keepsTape: true)[0].floats == [20, 42])
    #expect(gradients(of: output, with: [y], keepsTape: true)[0].floats == [41, 127])
    let both = gradients(of: output, with: [x, middle])
    #expect(both[0].floats == [100, 294] && both[1].floats == [20, 42])
  }
}
