/// "did you mean 'x'? known: …" for a name that is not in the list.
public func nearest(_ name: String, in known: [String]) -> String {
  let list = known.sorted().joined(separator: ", ")
  return closest(to: name, in: known).map { "did you mean '\($0)'? known: \(list)" } ?? "known: \(list)"
}

/// The known name that a person most probably meant: the same but for case and separators, a near miss, or one that
/// shares its words, such as `batch` for `batch_size`.
///
/// - Parameters:
///   - name: what was written.
///   - known: what there is.
/// - Returns: nil where nothing is near.
public func closest(to name: String, in known: [String]) -> String? {
  let letters = bare(name)
  guard !letters.isEmpty else { return nil }
  // What is as near is told apart by the separators: `layer33` is nearer to `layer3` than to `layer3.0`.
  let ranked = known.map { (name: $0, distance: editDistance(letters, bare($0)), written: editDistance(name, $0)) }
  if let best = ranked.min(by: { ($0.distance, $0.written) < ($1.distance, $1.written) }),
    best.distance <= allowedDistance(letters, bare(best.name))
  {
    return best.name
  }
  let own = words(name)
  return known.first { other in
    let parts = words(other)
    let shared = own.intersection(parts)
    return shared.contains { $0.count > 3 } && (shared == own || shared == parts)
  }
}

/// Edits that a word may be away from the one that is meant.
private func allowedDistance(_ word: String, _ known: String) -> Int {
  if word.count > 4 { return max(2, word.count / 3) }
  // Almost every short word is two letters from another; one that begins alike is meant all the same.
  return word.commonPrefix(with: known).count >= 3 ? 2 : min(1, word.count - 1)
}

/// Letters and digits in lower case.
private func bare(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }

/// The words of `learning-rate`, `learning_rate` or `learningRate`.
private func words(_ name: String) -> Set<String> {
  var words = [""]
  for character in name {
    if !character.isLetter, !character.isNumber {
      words.append("")
    } else {
      if character.isUppercase { words.append("") }
      words[words.count - 1] += character.lowercased()
    }
  }
  return Set(words.filter { !$0.isEmpty })
}

/// Characters that must be put in, left out, exchanged or swapped with their neighbour to make one word of another.
public func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var before: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var least = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, before[j - 1] + 1) }
      row.append(least)
    }
    (before, last) = (last, row)
  }
  return last[b.count]
}
