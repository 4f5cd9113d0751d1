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
    #expect(runs[0].1 == runs[1].1)
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
    #expect(results[0] == results[1])
  }

  @Test("a parallel loop covers every place once", arguments: [0, 1, 2, 7, 1000, 100_003], [1, 3, 5000])
  func covering(count: Int, grain: Int) {
    let counts = Tensor.zeros([max(1, count)])
    counts.mutate { values in
      nonisolated(unsafe) let values = values
      parallelFor(count: count, grain: grain) { range in for i in range { values[i] += 1 } }
    }
    #expect(counts.floats == Array(repeating: count == 0 ? 0 : 1, count: max(1, count)))
  }
}
