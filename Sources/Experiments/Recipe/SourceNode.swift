import Support

/// A value of a recipe as it was written, with the place where it stands.
///
/// The one form that the file, `--set` and the recipe's `quick` section are turned into before anything is checked.
struct SourceNode {
  /// A key of a mapping with its value.
  struct Entry {
    var key: String
    var place: String
    var value: SourceNode
  }

  /// What was written.
  enum Content {
    /// A word or number; `isPlain` when without quotes.
    case scalar(String, isPlain: Bool)
    case list([SourceNode])
    case map([Entry])
  }

  var content: Content
  /// `FILE:LINE:COLUMN`, or `--set KEY`.
  var place: String

  /// The value of a key; nil where there is none or this is no mapping.
  subscript(key: String) -> SourceNode? {
    guard case .map(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// The value as one would write it, shortened, for error lines.
  var summary: String {
    switch content {
    case .scalar("", isPlain: true): "empty"
    case .scalar(let text, isPlain: true): text.count > 40 ? text.prefix(40) + "…" : text
    case .scalar(let text, isPlain: false): "the text '\(text.prefix(40))'"
    case .list: "a list"
    case .map: "a mapping"
    }
  }

  /// The number that a plain word is; nil for quoted text, for words and for what no finite number can hold.
  var number: Double? {
    guard case .scalar(let text, isPlain: true) = content,
      text.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  /// The text of a scalar; nil for lists and mappings.
  var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// Whether nothing was written, or YAML's word for nothing.
  var isEmpty: Bool {
    if case .scalar(let text, isPlain: true) = content { ["", "~", "null"].contains(text) } else { false }
  }

  /// The elements of a list.
  ///
  /// - Throws: ``InputError`` for anything else.
  func elements(of key: String) throws -> [SourceNode] {
    guard case .list(let elements) = content else {
      throw InputError(place, "\(key) is \(summary)", remedy: "it takes a list: [ …, … ]")
    }
    return elements
  }

  /// The value of an option.
  ///
  /// - Parameters:
  ///   - kind: what the option takes; for texts and choices a word stays a word even if it looks like a number.
  ///   - key: the option's name, for the error line.
  /// - Returns: the value, not yet compared with the option's range.
  /// - Throws: ``InputError`` for a mapping and for no value at all.
  func optionValue(_ kind: OptionDescription.Kind, of key: String) throws -> OptionValue {
    switch content {
    case .map: throw InputError(place, "\(key) is a mapping", remedy: "it takes a plain value")
    case .list(let elements):
      let elementKind: OptionDescription.Kind = kind == .texts ? .text : .number(-Double.infinity...Double.infinity)
      return .list(try elements.map { try $0.optionValue(elementKind, of: key) })
    case .scalar(let text, let isPlain):
      if isEmpty { throw InputError(place, "\(key) has no value", remedy: "write one, or leave the key out") }
      if isPlain, !kind.isText {
        if let number { return .number(number) }
        if text == "true" || text == "false" { return .flag(text == "true") }
      }
      return .text(text)
    }
  }
}

extension OptionDescription.Kind {
  /// Whether the values are words.
  fileprivate var isText: Bool {
    switch self {
    case .text, .choice, .texts: true
    case .integer, .number, .flag, .numbers, .size, .described: false
    }
  }
}
