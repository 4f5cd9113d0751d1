import COneDNN

private struct Job {
  let count: Int
  let body: @Sendable (Range<Int>) -> Void
}

/// Runs `body` over `0..<count`, cut into one range per thread of oneDNN's own pool.
///
/// One pool serves all compute: a third busy thread beside a spinning pool costs a factor of 2.6 on two cores.
/// Which thread takes which range depends on the thread count alone, so results do not vary from run to run.
///
/// - Parameters:
///   - count: number of items.
///   - grain: at most this many items are done on the calling thread without waking the pool.
///   - body: is given ranges that do not overlap and together cover `0..<count`.
public func parallelFor(count: Int, grain: Int = 1, _ body: @Sendable (Range<Int>) -> Void) {
  guard count > grain, omp_in_parallel() == 0 else { return count > 0 ? body(0..<count) : () }
  withoutActuallyEscaping(body) { body in
    var job = Job(count: count, body: body)
    withUnsafeMutablePointer(to: &job) { pointer in
      GOMP_parallel(
        { raw in
          guard let job = raw?.assumingMemoryBound(to: Job.self).pointee else { return }
          let threads = Int(omp_get_num_threads())
          let thread = Int(omp_get_thread_num())
          job.body(job.count * thread / threads..<job.count * (thread + 1) / threads)
        }, pointer, 0, 0)
    }
  }
}

/// The number of threads of the compute pool.
public enum Threads {
  /// Threads that a parallel region uses; 2 or more only where the machine has that many cores.
  public static var count: Int { Int(omp_get_max_threads()) }

  /// Processors that this process may run on. Threads beyond them wait for each other, spinning: a minute becomes ten.
  public static var available: Int { Int(omp_get_num_procs()) }

  /// "2 processors".
  public static var availableText: String { available == 1 ? "1 processor" : "\(available) processors" }

  /// Sets the number of threads for all compute that follows; results are bit-identical only for equal counts.
  public static func use(_ count: Int) { omp_set_num_threads(Int32(max(1, count))) }
}
