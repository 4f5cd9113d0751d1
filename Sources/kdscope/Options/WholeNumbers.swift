import ArgumentParser

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
