extension Recipe {
  /// A key whose value differs between two recipes, as canonical YAML writes both; nil where one has no such key.
  struct Difference: Equatable {
    let key: String
    let was: String?
    let now: String?

    /// "training.epochs was 2 and is 3".
    var text: String { "\(key) was \(was ?? "not there") and is \(now ?? "not there")" }
  }

  /// The keys in which a recipe differs from an earlier one, in the order of the canonical recipe.
  func differences(from earlier: Recipe) -> [Difference] {
    let (old, new) = (earlier.document.leaves, document.leaves)
    let (oldValues, newValues) = (
      Dictionary(old) { first, _ in first }, Dictionary(new) { first, _ in first }
    )
    return (new + old.filter { newValues[$0.0] == nil }).compactMap { key, _ in
      let (was, now) = (oldValues[key], newValues[key])
      return was == now ? nil : Difference(key: key, was: was, now: now)
    }
  }
}

extension DocumentNode {
  /// Every value that is no mapping, with its path: `training.epochs`, `students.student.distillation.0.weight`.
  fileprivate var leaves: [(String, String)] {
    switch self {
    case .map(let members):
      return members.flatMap { member in
        member.value.leaves.map { (member.key + ($0.0.isEmpty ? "" : ".\($0.0)"), $0.1) }
      }
    case .list(let elements) where elements.contains(where: { if case .map = $0 { true } else { false } }):
      return elements.enumerated().flatMap { place, element in
        element.leaves.map { ("\(place)" + ($0.0.isEmpty ? "" : ".\($0.0)"), $0.1) }
      }
    case .list(let elements): return [("", "[" + elements.map(\.json).joined(separator: ", ") + "]")]
    case .null, .number, .text, .flag: return [("", json)]
    }
  }
}
