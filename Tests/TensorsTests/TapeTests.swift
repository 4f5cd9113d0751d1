import Foundation
import Tensors
import TestSupport
import Testing

@Suite("The tape")
struct TapeTests {
  private let x = TapeTests.leaf([2, -3, 0.5])

  private static func leaf(_ values: [Float]) -> Tensor {
    let tensor = Tensor(values, shape: [values.count])
    tensor.setRequiresGradient(true)
    return tensor
  }

  @Test("adds up the gradients of a tensor that is used more than once")
  func accumulation() {
    // d(x² + 3x + x·c + x)/dx = 2x + 4 + c
    let c = Tensor([1, 10, 100], shape: [3])
    let y = x * x + x * 3 + x * c + x
    #expect(gradients(of: y.sum(), with: [x])[0].floats == [9, 8, 105])
    let same = concatenated([x, x, x], alongAxis: 0)
    #expect(gradients(of: (same * same).sum(), with: [x])[0].floats == [12, -18, 3])
    #expect(gradients(of: x.addedRelu(x).sum(), with: [x])[0].floats == [2, 0, 2])
    #expect(gradients(of: maximum(x, x).sum(), with: [x])[0].floats == [1, 1, 1])
  }

  @Test("gives gradients of what was computed on the way, and of the output itself")
  func middle() {
    let y = x * 2
    let z = y * y
    let found = gradients(of: z, with: [x, y, z], upstream: Tensor([1, 1, 10], shape: [3]))
    #expect(found[0].floats == [16, -24, 40])
    #expect(found[1].floats == [8, -12, 20])
    #expect(found[2].floats == [1, 1, 10])
  }

  @Test("gradients handed out do not change when others are added up")
  func aliasing() {
    // y's gradient is passed on unchanged to x and to z, and x gets a second contribution.
    let z = TapeTests.leaf([1, 1, 1])
    let y = x + z
    let upstream = Tensor([1, 2, 3], shape: [3])
    let found = gradients(of: y + x, with: [x, y, z], upstream: upstream)
    #expect(found[0].floats == [2, 4, 6])
    #expect(found[1].floats == [1, 2, 3] && found[2].floats == [1, 2, 3] && upstream.floats == [1, 2, 3])
    let square = x.reshaped([3, 1])
    let views = gradients(
      of: concatenated([square, square * 2], alongAxis: 0) + concatenated([x.reshaped([3, 1]), square], alongAxis: 0),
      with: [x, square], upstream: .ones([6, 1]))
    #expect(views[0].floats == [5, 5, 5])
    #expect(views[1].floats == [4, 4, 4])
  }

  @Test("gives zeros for a source that the output does not depend on")
  func independent() {
    let other = TapeTests.leaf([1, 2])
    let found = gradients(of: x.sum(), with: [other, Tensor([5], shape: [1]), x])
    #expect(found.map(\.floats) == [[0, 0], [0], [1, 1, 1]])
    #expect(gradients(of: Tensor(1), with: [other])[0].floats == [0, 0])
  }

  @Test("records nothing of constants, of frozen leaves, nor where it is switched off")
  func nothingRecorded() {
    let constant = Tensor([1, 2, 3], shape: [3])
    #expect(!(constant * constant).relu().requiresGradient)
    #expect((x * constant).requiresGradient && !(x * constant).detached().requiresGradient)
    withoutRecording {
      #expect(!isRecording)
      #expect(!(x * x).requiresGradient)
    }
    #expect(isRecording && (x * x).requiresGradient)
    #expect(throws: CancellationError.self) { try withoutRecording { throw CancellationError() } }
    #expect(isRecording)
    x.setRequiresGradient(false)
    #expect(!x.requiresGradient && !(x * x).requiresGradient)
    x.setRequiresGradient(true)
    #expect(gradients(of: (x * x.detached()).sum(), with: [x])[0].floats == x.floats)
  }

  @Test("can be kept for a second walk, and differentiated from other upstreams")
  func keeping() {
    let y = x.exp() * x
    let first = gradients(of: y, with: [x], upstream: .ones([3]), keepsTape: true)[0].floats
    let second = gradients(of: y, with: [x], upstream: .ones([3]) * 4)[0].floats
    #expect(second == first.map { 4 * $0 })
  }

  /// Leaves are made where a network is built, which need not be the thread that trains it.
  @Test("does not care on which threads leaves and operations were made")
  func threads() {
    let made = Made()
    let thread = Thread {
      for _ in 0..<100 { made.leaf = TapeTests.leaf([2, -3, 0.5]) }
      made.done.signal()
    }
    thread.start()
    made.done.wait()
    let other = Thread {
      let leaf = made.leaf
      let y = leaf * leaf
      made.gradient = gradients(of: (y * y + y).sum(), with: [leaf])[0].floats
      made.done.signal()
    }
    other.start()
    made.done.wait()
    #expect(made.gradient == [36, -114, 1.5])
  }

  /// Handed from thread to thread, one after the other.
  private final class Made: @unchecked Sendable {
    let done = DispatchSemaphore(value: 0)
    var leaf = Tensor(0)
    var gradient: [Float] = []
  }

  @Test("of a hundred thousand entries is walked and freed without recursion")
  func longChain() {
    var y = x
    for _ in 0..<100_000 { y = y + 1 }
    let kept = y + x
    #expect(gradients(of: kept.sum(), with: [x], keepsTape: true)[0].floats == [2, 2, 2])
    var z = x
    for _ in 0..<100_000 { z = z * x.detached() * 0 + x }
    #expect(gradients(of: z.sum(), with: [x])[0].floats == [1, 1, 1])
  }

  @Test("second derivatives of recorded operations agree with differences of the first")
  func secondDerivatives() {
    let random = Philox(seed: 5)
    let w = Tensor.normal([3, 4], random.split(.noise, 1))
    let b = Tensor.normal([4, 3], random.split(.noise, 2))
    let functions: [(String, (Tensor) -> Tensor)] = [
      ("exp", { $0.exp() }), ("log", { ($0.squared() + 1).log() }),
      ("squareRoot", { ($0.squared() + 2).squareRoot() }), ("power", { ($0.squared() + 1).power(1.5) }),
      ("divide", { 1 / ($0.squared() + 1) }), ("softmax", { $0.softmax() }),
      ("logSoftmax", { $0.logSoftmax().squared() }),
      ("matrixProduct", { matrixProduct(matrixProduct($0, w), matrixProduct($0, w), transposesSecond: true) }),
      ("linear", { linear($0.squared(), b, bias: Tensor([1, 2, 3, 4], shape: [4])).squared() }),
      ("variance", { $0.variance(alongAxes: [1]) * $0.mean() }), ("norm", { ($0 + 3).norm(alongAxes: [0]) }),
      (
        "shaping",
        { concatenated([$0.transposed(), $0.slice(0..<1, alongAxis: 0).transposed()], alongAxis: 1).squared() }
      ),
      ("broadcast", { $0.broadcast(to: [2, 5, 3]) * $0.sum(alongAxes: [0], keepsAxes: true).squared() }),
    ]
    for (name, function) in functions {
      let x = Tensor.normal([5, 3], random.split(.noise, 3))
      x.setRequiresGradient(true)
      // The first gradient, as a function of x, is itself an output with a gradient.
      expectDirectionalDerivatives(of: [(name, x)]) {
        let y = function(x)
        let upstream = Tensor.normal(y.shape, random.split(.noise, 4))
        return gradients(of: y, with: [x], upstream: upstream, recordsAgain: true)[0]
      }
    }
  }
}
