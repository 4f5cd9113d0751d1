import Statistics
import Support

/// The columns of a plain table that are drawn.
struct TableColumns {
  /// Names under which runs and images are told apart or counted: they are repetitions, not quantities.
  private static let repetitions: Set = [
    "seed", "seeds", "image", "images", "index", "id", "row", "column", "n", "count", "bin", "rank", "support",
    "predicted", "holding", "left_out", "steps",
  ]
  /// What usually stands on the horizontal axis, the most likely first.
  private static let usualX = [
    "epoch", "step", "iteration", "x", "threshold", "temperature", "time", "size", "confidence",
  ]
  /// What usually stands on the vertical axis, the most likely first.
  private static let usualY = [
    "value", "mean", "y", "accuracy", "test_accuracy", "recall", "share", "cka", "rho", "cosine", "entropy", "loss",
  ]
  /// Texts that bars usually stand over, the most likely first.
  private static let usualCategories = ["class", "category", "label", "method", "student", "name", "role"]
  /// Numbers that are conditions: values at different ones must not be averaged.
  private static let conditions: Set = ["threshold", "temperature", "layer", "panel", "series"]
  /// Texts that say what the number of a row is: different ones have different units, and share no axis.
  private static let subjects = ["quantity", "metric", "measure"]
  /// Texts that are found out, and tell no rows apart.
  private static let findings: Set = ["verdict", "verdict_on_images", "hypothesis_verdict", "expected", "mcnemar_p"]
  /// Ends of intervals, alone or behind the name of their column.
  private static let ends = [("low", "high"), ("lower", "upper"), ("ci_low", "ci_high"), ("ci_lower", "ci_upper")]
  /// Ends whose name says over what the interval is; they belong to the column before them, as those without do.
  private static let endsOverSeeds = ("seeds_lower", "seeds_upper")
  private static let mostGroups = 12

  let x: String
  let y: [String]
  let groups: [String]
  private let table: Table

  /// - Parameters:
  ///   - table: already without the rows that are not asked for.
  ///   - question: what is asked for.
  ///   - place: what errors call the table.
  /// - Throws: ``InputError`` for a column that is not there or holds no numbers, or where nothing can be drawn.
  init(_ table: Table, _ question: TableQuestion, at place: String) throws {
    self.table = table
    for name in [question.x].compactMap(\.self) + question.y + question.groups { try table.require(name, at: place) }
    guard table.columns.count > 1 else {
      throw InputError(
        place, "there is one column, '\(table.columns[0].name.prefix(60))'",
        remedy: "a column of numbers beside another column is needed, separated by commas, semicolons or tabs")
    }
    let numbers = table.columns.filter { $0.kind != .text && table.hasNumbers($0.name) }.map(\.name)
    for name in question.y where !numbers.contains(name) {
      throw InputError(place, "column '\(name)' holds no numbers", remedy: nearest(name, in: numbers))
    }
    let isAsked = { (name: String) in
      question.groups.contains(name) || question.conditions.contains { $0.column == name }
    }
    let quantities = numbers.filter { !Self.isRepetition($0) && !Self.isEnd($0) && !isAsked($0) }
    let texts = table.columns.filter { $0.kind == .text && !isAsked($0.name) }.map(\.name)
    let x =
      question.x ?? Self.usualX.first { quantities.contains($0) && !question.y.contains($0) }
      ?? Self.category(among: texts, of: table) ?? quantities.first { !question.y.contains($0) }
    let others = quantities.filter { $0 != x }
    let owners = table.columns.indices.dropLast(2).compactMap { Self.ownsInterval($0, in: table) }
    let usual =
      Self.usualY.first { others.contains($0) } ?? owners.first { others.contains($0) }
      ?? others.first { !Self.conditions.contains($0) }
    let y = question.y.isEmpty ? [usual ?? others.first].compactMap(\.self) : question.y
    guard let x, !y.isEmpty, x != y[0] else {
      let counts = numbers.filter { $0 != x && Self.isRepetition($0) && $0 != "seed" }
      throw InputError(
        place, "there are not two columns to draw",
        remedy: counts.isEmpty
          ? "a column of numbers beside another column is needed"
          : "beside texts there are only counts; ask for one: --y \(counts[0])")
    }
    self.x = x
    self.y = y
    for name in Self.subjects where !question.groups.contains(name) && name != x {
      try table.requireOne(name, at: place)
    }
    groups = question.groups.isEmpty ? Self.distinguishing(table, x: x, except: [x] + y) : question.groups
  }

  /// The columns that hold the ends of a column's intervals; nil for none.
  func interval(of name: String) -> (low: String, high: String)? {
    guard let position = table.position(of: name) else { return nil }
    for (low, high) in Self.ends where table.position(of: "\(name)_\(low)") != nil {
      if table.position(of: "\(name)_\(high)") != nil { return ("\(name)_\(low)", "\(name)_\(high)") }
    }
    return Self.endsBehind(position, in: table)
  }

  /// Ends without a name of their own belong to the column that they stand behind.
  private static func endsBehind(_ position: Int, in table: Table) -> (low: String, high: String)? {
    guard position + 2 < table.columns.count else { return nil }
    let found = (table.columns[position + 1].name, table.columns[position + 2].name)
    return (ends + [endsOverSeeds]).first { $0 == found }.map { (low: $0.0, high: $0.1) }
  }

  private static func ownsInterval(_ position: Int, in table: Table) -> String? {
    endsBehind(position, in: table) == nil ? nil : table.columns[position].name
  }

  /// Whether a column counts or numbers rows; pandas calls an index without a name "Unnamed: 0".
  private static func isRepetition(_ name: String) -> Bool {
    repetitions.contains(name) || name.hasPrefix("Unnamed: ")
  }

  private static func isEnd(_ name: String) -> Bool {
    ends.contains { name == $0.0 || name == $0.1 || name.hasSuffix("_" + $0.0) || name.hasSuffix("_" + $0.1) }
  }

  /// The texts that bars stand over: those that differ, the usual ones first.
  private static func category(among texts: [String], of table: Table) -> String? {
    let differing = texts.filter { isDistinction($0, in: table) && table.count(of: $0, upTo: 2) > 1 }
    return usualCategories.first { differing.contains($0) } ?? differing.first
      ?? usualCategories.first { texts.contains($0) } ?? texts.first
  }

  /// Whether a column of texts says what a row is of; remarks, findings and sentences do not.
  private static func isDistinction(_ name: String, in table: Table) -> Bool {
    !name.hasPrefix("left_out") && !findings.contains(name)
      && table.observesAll(name) { ($0.text?.utf8.count ?? 0) <= 40 }
  }

  /// Columns of texts and conditions with some different values, each of which tells rows apart that those before it
  /// do not; bars over texts need only those that tell rows at one place apart.
  private static func distinguishing(_ table: Table, x: String, except used: [String]) -> [String] {
    let isCategory = table.columns.contains { $0.name == x && $0.kind == .text }
    let start = isCategory ? [x] : []
    var chosen: [String] = []
    var count = table.countOfGroups(start)
    for column in table.columns where !used.contains(column.name) {
      guard column.kind == .text ? isDistinction(column.name, in: table) : conditions.contains(column.name),
        (2...mostGroups).contains(table.count(of: column.name, upTo: mostGroups + 1))
      else { continue }
      let combined = table.countOfGroups(start + chosen + [column.name])
      guard combined > count else { continue }
      chosen.append(column.name)
      count = combined
    }
    return chosen
  }
}

extension Table {
  /// How many different values a column has, counted no further than a limit.
  func count(of name: String, upTo limit: Int) -> Int { different(name, upTo: limit).count }

  /// The different values of a column, in the order of their rows; no more than a limit.
  func different(_ name: String, upTo limit: Int) -> [Cell] {
    guard let position = position(of: name) else { return [] }
    var seen: Set<Cell> = []
    var found: [Cell] = []
    for row in rows where seen.insert(row[position]).inserted {
      found.append(row[position])
      if found.count >= limit { break }
    }
    return found
  }

  fileprivate func hasNumbers(_ name: String) -> Bool {
    guard let position = position(of: name) else { return false }
    return rows.contains { $0[position].number?.isFinite ?? false }
  }

  fileprivate func observesAll(_ name: String, _ condition: (Cell) -> Bool) -> Bool {
    guard let position = position(of: name) else { return false }
    return rows.allSatisfy { condition($0[position]) }
  }

  fileprivate func countOfGroups(_ names: [String]) -> Int {
    let positions = names.compactMap { position(of: $0) }
    return Set(rows.lazy.map { row in positions.map { row[$0] } }).count
  }

  /// - Throws: ``InputError`` that says what there is if a column has several values.
  fileprivate func requireOne(_ name: String, at place: String) throws {
    guard columns.contains(where: { $0.name == name && $0.kind == .text }) else { return }
    let values = different(name, upTo: 21).map(\.description)
    guard values.count > 1 else { return }
    throw InputError(
      place, "column '\(name)' holds \(values.count > 20 ? "more than 20" : "\(values.count)") kinds of numbers",
      remedy:
        "draw one of them: --where '\(name)=\(values[0])'; or \(values.dropFirst().prefix(19).joined(separator: ", "))")
  }
}
