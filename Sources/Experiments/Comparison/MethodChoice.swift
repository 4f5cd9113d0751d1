import Support

/// One row of a comparison as it is asked for: `kd`, `kd:temperature=8,weight=0.5`, `kd+crd`.
///
/// A method comes with the weights of its paper (``MethodDefaults``). `labels=` is the weight of the cross-entropy with
/// the labels; without it the first method that has one of its own decides, else the recipe.
struct MethodChoice {
  /// Name of the student, and of its folder: equal for equal choices, however they are written.
  let name: String
  /// Weight of the labels, as written or as the methods have it; nil leaves it to the recipe.
  let labelWeight: Double?
  /// For each method the options that are written in the argument.
  let stated: [Set<String>]
  /// What it is called in messages.
  let place: String
  private let terms: [SourceNode]

  /// - Parameters:
  ///   - argument: as above.
  ///   - methods: those that may be named.
  /// - Throws: ``InputError`` for an unknown method, an option that it does not have, or a value out of range.
  init(_ argument: String, methods: [CatalogEntry]) throws {
    place = "compare \(argument)"
    var (names, nodes): ([String], [SourceNode]) = ([], [])
    var (written, own): (Double?, Double?) = (nil, nil)
    var stated: [Set<String>] = []
    for part in Self.split(argument, at: "+", beforeLetter: true) {
      let colon = part.firstIndex(of: ":") ?? part.endIndex
      let name = String(part[..<colon])
      guard let entry = methods.first(where: { $0.name == name }) else {
        throw InputError("compare", "there is no method '\(name)'", remedy: nearest(name, in: methods.map(\.name)))
      }
      let defaults = try MethodDefaults(entry)
      var entries = defaults.written
      var keys: Set<String> = []
      for assignment in try Self.assignments(part[colon...].dropFirst(), at: place) {
        guard assignment.key != "labels" else {
          written = try Section(Self.map([("weight", assignment.value)], at: place), path: "labels", at: place)
            .options(for: RecipeKeys.labels)[RecipeKeys.weight]
          continue
        }
        entries.removeAll { $0.key == assignment.key }
        entries.append(assignment)
        keys.insert(assignment.key)
      }
      stated.append(keys)
      let method = SourceNode.Entry(
        key: "method", place: place, value: SourceNode(content: .scalar(name, isPlain: true), place: place))
      let node = SourceNode(content: .map([method] + entries), place: place)
      let term = try TermRecipe(Section(node, path: name, at: place), entry)
      names.append(([name] + term.changes(from: defaults.term, entry)).joined(separator: "."))
      nodes.append(node)
      own = own ?? defaults.labelWeight
    }
    labelWeight = written ?? own
    terms = nodes
    self.stated = stated
    if let written, written != own { names[names.count - 1] += ".labels=\(OptionValue.number(written))" }
    self.name = Self.folderName(names.joined(separator: "_"))
  }

  /// The student that it is, as a recipe would have it.
  ///
  /// - Parameter fallback: weight of the labels where the choice leaves it open.
  /// - Returns: its name, and the mapping of `labels` and `distillation`.
  func student(labelWeight fallback: Double) -> SourceNode.Entry {
    let weight = OptionValue.number(labelWeight ?? fallback).description
    let value = SourceNode(content: .scalar(weight, isPlain: true), place: place)
    let labels = Self.map([("weight", value)], at: place)
    return SourceNode.Entry(
      key: name, place: place,
      value: Self.map(
        [("labels", labels), ("distillation", SourceNode(content: .list(terms), place: place))], at: place))
  }

  private static func map(_ entries: [(key: String, value: SourceNode)], at place: String) -> SourceNode {
    SourceNode(
      content: .map(entries.map { SourceNode.Entry(key: $0.key, place: place, value: $0.value) }), place: place)
  }

  private static func assignments(_ text: Substring, at place: String) throws -> [SourceNode.Entry] {
    try split(String(text), at: ",").filter { !$0.isEmpty }.map { assignment in
      guard let sign = assignment.firstIndex(of: "="), sign != assignment.startIndex else {
        throw InputError(place, "'\(assignment)' has no value", remedy: "write NAME:key=value,key=value")
      }
      let value = assignment[assignment.index(after: sign)...]
      guard !value.allSatisfy(\.isWhitespace) else {
        throw InputError(place, "'\(assignment)' has no value", remedy: "write NAME:key=value,key=value")
      }
      return SourceNode.Entry(
        key: String(assignment[..<sign]), place: place,
        value: try RecipeText.parse(String(value), at: place, hasLines: false))
    }
  }

  /// Splits outside of brackets; where asked for, only before a letter, so that 1e+5 stays whole.
  private static func split(_ text: String, at separator: Character, beforeLetter: Bool = false) -> [String] {
    var (parts, depth) = ([""], 0)
    for (index, character) in zip(text.indices, text) {
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      let next = text.index(after: index)
      let isWanted = !beforeLetter || next == text.endIndex || !text[next].isNumber
      if character == separator, depth == 0, isWanted {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  /// Letters, digits, `.`, `-` and `_` of a text; where that is too long, its beginning and a hash of the whole.
  private static func folderName(_ text: String) -> String {
    var name = ""
    for character in text {
      let isKept = character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
      if isKept { name.append(character) } else if name.last != "-" { name.append("-") }
    }
    while name.last == "-" { name.removeLast() }
    return name.utf8.count <= 64 ? name : "\(name.prefix(55))-\(SHA256.hexDigest(of: text).prefix(8))"
  }
}
