import ArgumentParser
import Tensors

/// Refuses whole numbers out of range, in the one wording that all commands have.
///
/// - Parameter options: each with its value, nil where it is not given, and what it takes.
/// - Throws: `ValidationError` for the first that is out of range.
func requireWholeNumbers(_ options: [(name: String, value: Int?, range: ClosedRange<Int>)]) throws {
  for case (let name, let value?, let range) in options where !range.contains(value) {
    throw ValidationError(
      "\(name): is \(value); it takes a whole number from \(range.lowerBound) to \(range.upperBound)")
  }
}

/// Refuses more threads than there are processors: they would wait for each other, and a minute take ten.
///
/// - Throws: `ValidationError` for a number that this machine does not have.
func requireThreads(_ threads: Int?) throws {
  guard let threads, threads < 1 || threads > Threads.available else { return }
  throw ValidationError(
    "--threads: is \(threads), and this machine has \(Threads.availableText); it takes a whole number from 1 to "
      + "\(Threads.available)")
}
