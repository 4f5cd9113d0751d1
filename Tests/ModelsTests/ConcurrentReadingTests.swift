import Foundation
import Models
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite("A tensor read by several threads")
struct ConcurrentReadingTests {
  /// Copies of weights in other layouts and plain forms of maps are made at the first reading.
  @Test("gives all of them the same values, also where reading makes them", arguments: 0..<8)
  func network(_ round: Int) throws {
    let specification = ModelSpecification("resnet8", classes: 4, channels: 3, height: 32, width: 32)
    func made() throws -> any Network {
      let network = try ModelCatalog.build(specification, seed: UInt64(round + 1))
      network.freeze()
      return network
    }
    let images = Tensor.normal([16, 32, 32, 3], Philox(seed: 5))
    let right = try made().logits(images).floats
    let shared = Unchecked(try made())
    let found = Answers()
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let floats = withoutRecording { shared.value.logits(images).floats }
      found.add(floats)
    }
    #expect(found.all.count == 8 && found.all.allSatisfy { $0 == right })
  }

  private struct Unchecked: @unchecked Sendable {
    let value: any Network
    init(_ value: any Network) { self.value = value }
  }

  private final class Answers: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [[Float]] = []
    var all: [[Float]] { lock.withLock { list } }
    func add(_ floats: [Float]) { lock.withLock { list.append(floats) } }
  }
}
