import Tensors
import TestSupport
import Testing

@Suite("An operation of a caller's own")
struct OwnOperationTests {
  private let x = Tensor([-1.5, -0.25, 0, 0.5, 2, 3], shape: [2, 3])

  /// x² number by number, with its gradient.
  private func square(_ x: Tensor, again: Bool = false) -> Tensor {
    operation("square", of: [x], isDifferentiableAgain: again) { operands in
      Tensor(operands[0].floats.map { $0 * $0 }, shape: operands[0].shape)
    } gradient: { upstream, operands, _ in
      [2 * upstream * operands[0]]
    }
  }

  @Test("has the value and the gradient that it is given")
  func gradient() {
    x.setRequiresGradient(true)
    let squared = square(x * 3)
    #expect(squared.floats == x.floats.map { 9 * $0 * $0 })
    let slope = gradients(of: (squared * x).sum(), with: [x])[0]
    // 9 x³ has the slope 27 x².
    #expect(slope.floats == x.floats.map { 27 * $0 * $0 })
  }

  @Test("is differentiated twice where its gradient can be")
  func again() {
    x.setRequiresGradient(true)
    let slope = gradients(of: (square(x, again: true) * x).sum(), with: [x], recordsAgain: true)[0]
    #expect(slope.floats == x.floats.map { 3 * $0 * $0 })
    #expect(gradients(of: slope.sum(), with: [x])[0].floats == x.floats.map { 6 * $0 })
  }

  @Test("gives no gradient to an operand that gets none, and is no part of a tape of constants")
  func constants() {
    #expect(!square(x).requiresGradient)
    x.setRequiresGradient(true)
    let (a, b) = (x * 2, x * 5)
    let first = operation("first", of: [a, b]) {
      $0[0]
    } gradient: { upstream, _, _ in
      [upstream, nil]
    }
    #expect(gradients(of: first.sum(), with: [x])[0].floats == Array(repeating: 2, count: 6))
    #expect(withoutRecording { !square(x).requiresGradient })
  }

  @Test("knows its result on the way back, and holds no memory after it")
  func result() {
    x.setRequiresGradient(true)
    weak var kept: Tensor?
    do {
      let root = operation("exp", of: [x]) { operands in
        Tensor(operands[0].floats.map { 1 + $0 }, shape: operands[0].shape)
      } gradient: { upstream, _, result in
        [upstream * result]
      }
      kept = root
      #expect(gradients(of: root.sum(), with: [x])[0].floats == x.floats.map { 1 + $0 })
    }
    #expect(kept == nil)
  }
}
