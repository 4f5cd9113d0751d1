import Testing

/// Expects two lists to be equal, zeros of either sign too, and says how many places differ, and the first.
///
/// For long lists: what `#expect` does to show a difference takes minutes there.
public func expectSame(
  _ actual: [Float], _ expected: [Float], _ what: @autoclosure () -> String = "values",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record("\(what()): \(actual.count) values, expected \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  let different = actual.indices.filter {
    actual[$0] != expected[$0] && actual[$0].bitPattern != expected[$0].bitPattern
  }
  guard let first = different.first else { return }
  Issue.record(
    "\(what()): \(different.count) of \(actual.count) differ, first at [\(first)]: \(actual[first]) vs \(expected[first])",
    sourceLocation: sourceLocation)
}
