import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Repeated runs")
struct RepeatabilityTests {
  @Test("give the same bits with the same number of threads", arguments: [1, 2])
  func bits(threads: Int) {
    let before = Threads.count
    defer { Threads.use(before) }
    Threads.use(threads)
    let runs = (0..<2).map { run in
      if run == 1 { StoragePool.poison(24 * 16 * 16 * 32, 24 * 8 * 8 * 64) }
      let step = SmallStep()
      let losses = (0..<3).map { _ in step.run() }
      return (losses, step.weights.map(\.floats))
    }
    #expect(runs[0].0 == runs[1].0)
    for (first, second) in zip(runs[0].1, runs[1].1) { expectSame(second, first, "weights") }
    #expect(runs[0].0[2] < runs[0].0[0])
  }

  /// What documentation says not to depend on the threads.
  @Test("of random numbers and of sums do not depend on the number of threads")
  func threads() {
    let before = Threads.count
    defer { Threads.use(before) }
    let results = [1, 2].map { threads in
      Threads.use(threads)
      let values = Tensor.normal([300, 257], Philox(seed: 2))
      return [
        values, values.sum(), values.sum(alongAxes: [0]), values.sum(alongAxes: [1]), values.exp(), values.logSoftmax(),
        values.dropout(rate: 0.3, random: Philox(seed: 3)), values.permuted([1, 0]),
      ].map(\.floats)
    }
    for (one, two) in zip(results[0], results[1]) { expectSame(two, one) }
  }

  /// Primitives are made for a number of threads, and kept.
  @Test("give the bits of two threads also where one thread was used before")
  func changedThreads() async throws {
    let alone = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      Threads.use(2)
      let step = SmallStep()
      print("losses", (0..<4).map { _ in step.run().bitPattern })
    }
    let after = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      Threads.use(1)
      SmallStep().run()
      Threads.use(2)
      let step = SmallStep()
      print("losses", (0..<4).map { _ in step.run().bitPattern })
    }
    let lines = try [alone, after].map { result in
      let output = try #require(result?.standardOutputContent)
      return try #require(
        String(decoding: output, as: UTF8.self).split(separator: "\n").first { $0.contains("losses") })
    }
    #expect(lines[0] == lines[1])
  }

  /// Executions are one after the other, but every buffer must be somebody's until its own is over.
  @Test("on several threads at once give the same bits")
  func concurrent() {
    let chain = FrozenChain.residual
    @Sendable func run() -> [[Float]] {
      let input = chain.input
      input.setRequiresGradient(true)
      let maps = chain.run(fused: true, from: input)
      let last = maps[maps.count - 1]
      return [last.floats, gradients(of: last, with: [input], upstream: .ones(last.shape))[0].floats]
    }
    let expected = run()
    let results = Results()
    let threads = (0..<3).map { place in
      Thread {
        for _ in 0..<6 {
          // The third thread takes what the others let go, and writes into it.
          if place == 2 { StoragePool.poison(chain.input.count, chain.input.count * 24 / 23) }
          results.add(run())
        }
        results.done.signal()
      }
    }
    for thread in threads { thread.start() }
    for _ in threads { results.done.wait() }
    #expect(results.all.count == 18)
    for result in results.all { for (found, wanted) in zip(result, expected) { expectSame(found, wanted) } }
  }

  private final class Results: @unchecked Sendable {
    let done = DispatchSemaphore(value: 0)
    private let lock = NSLock()
    private(set) var all: [[[Float]]] = []

    func add(_ result: [[Float]]) { lock.withLock { all.append(result) } }
  }

  @Test("a parallel loop covers every place once", arguments: [0, 1, 2, 7, 1000, 100_003], [1, 3, 5000])
  func covering(count: Int, grain: Int) {
    let counts = Tensor.zeros([max(1, count)])
    counts.mutate { values in
      nonisolated(unsafe) let values = values
      parallelFor(count: count, grain: grain) { range in for i in range { values[i] += 1 } }
    }
    expectSame(counts.floats, Array(repeating: count == 0 ? 0 : 1, count: max(1, count)))
  }
}
