import Support

/// One value that replaces another of the recipe: `--set training.epochs=5`, or an entry of the `quick` section.
struct Override {
  let path: [String]
  let value: SourceNode

  /// - Parameter argument: `key.path=value`; the value is YAML, elements of lists are named by their index from 0.
  /// - Throws: ``InputError`` for anything else.
  init(_ argument: String) throws {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
      throw InputError("--set \(argument)", "no value", remedy: "write --set key.path=value, such as training.epochs=5")
    }
    let key = String(argument[..<sign]).trimmingSpaces
    let place = "--set \(key)"
    let text = argument[argument.index(after: sign)...]
    guard !text.allSatisfy(\.isWhitespace) else { throw InputError(place, "no value", remedy: "write \(key)=value") }
    try self.init(key, try Self.value(String(text).trimmingSpaces, at: place), at: place)
  }

  /// A value as YAML has it, but a word is a word to its end: on a command line nothing is a comment.
  private static func value(_ text: String, at place: String) throws -> SourceNode {
    let node = try RecipeText.parse(text, at: place, hasLines: false)
    if case .scalar(let word, isPlain: true) = node.content, text.contains("#"), word != text {
      return SourceNode(content: .scalar(text, isPlain: true), place: place)
    }
    return node
  }

  /// - Parameters:
  ///   - key: keys and indices, joined by dots.
  ///   - value: the new value.
  ///   - place: where it was written.
  /// - Throws: ``InputError`` for an empty step in the path.
  init(_ key: String, _ value: SourceNode, at place: String) throws {
    path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    self.value = value
    guard path.allSatisfy({ !$0.isEmpty }) else {
      throw InputError(
        place, "'\(key)' is no key path", remedy: "write keys joined by single dots, such as training.epochs")
    }
  }

  /// The tree with the value put in; mappings on the way are made where they are missing.
  ///
  /// - Throws: ``InputError`` where the path leads through a plain value or beyond the end of a list.
  func applied(to root: SourceNode) throws -> SourceNode { try replaced(in: root, at: 0) }

  private func replaced(in node: SourceNode, at depth: Int) throws -> SourceNode {
    guard depth < path.count else { return value }
    let key = path[depth]
    var node = node
    // A setting below `analysis: none` says that something is measured after all.
    if path[..<depth] == ["analysis"], node.text == AnalysisRecipe.noneWord { node.content = .map([]) }
    switch node.content {
    case .map(var entries):
      if let index = entries.firstIndex(where: { $0.key == key }) {
        entries[index].value = try replaced(in: entries[index].value, at: depth + 1)
      } else {
        let fresh = SourceNode(content: .map([]), place: value.place)
        entries.append(.init(key: key, place: value.place, value: try replaced(in: fresh, at: depth + 1)))
      }
      node.content = .map(entries)
    case .list(var elements):
      guard let index = Int(key), elements.indices.contains(index) else {
        throw InputError(
          value.place, "\(path[..<depth].joined(separator: ".")) has no element '\(key)'",
          remedy: elements.isEmpty ? "the list is empty" : "its elements are 0 to \(elements.count - 1)")
      }
      elements[index] = try replaced(in: elements[index], at: depth + 1)
      node.content = .list(elements)
    case .scalar:
      throw InputError(
        value.place, "\(path[..<depth].joined(separator: ".")) is \(node.summary), not a mapping",
        remedy: "set \(path[..<depth].joined(separator: ".")) itself")
    }
    return node
  }
}

extension String {
  /// Without blanks at both ends.
  fileprivate var trimmingSpaces: String {
    let kept = drop { $0.isWhitespace }
    return String(kept[..<(kept.lastIndex { !$0.isWhitespace }.map { kept.index(after: $0) } ?? kept.startIndex)])
  }
}
