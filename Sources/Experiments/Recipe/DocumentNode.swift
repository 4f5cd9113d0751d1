import Support

/// A tree of plain values that can be written as canonical YAML or as JSON: keys in the order given, one spelling each.
public indirect enum DocumentNode: Sendable, Equatable {
  /// A key with its value.
  public struct Member: Sendable, Equatable {
    /// The key.
    public let key: String
    /// The value.
    public let value: DocumentNode

    /// - Parameters:
    ///   - key: the key.
    ///   - value: the value.
    public init(key: String, value: DocumentNode) {
      self.key = key
      self.value = value
    }
  }

  case null
  case number(Double)
  case text(String)
  case flag(Bool)
  case list([DocumentNode])
  case map([Member])

  /// A mapping in the order given; members without a value are left out.
  public static func map(_ members: KeyValuePairs<String, DocumentNode?>) -> DocumentNode {
    .map(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
  }

  /// The value of an option.
  public init(_ value: OptionValue) {
    self =
      switch value {
      case .number(let number): .number(number)
      case .text(let text): .text(text)
      case .flag(let flag): .flag(flag)
      case .list(let values): .list(values.map { DocumentNode($0) })
      }
  }

  private var isScalar: Bool {
    switch self {
    case .null, .number, .text, .flag: true
    case .list, .map: false
    }
  }
}

extension DocumentNode {
  /// One JSON document without a line break at its end; numbers that JSON cannot hold become null.
  public var json: String { json(indent: "") }

  private func json(indent: String) -> String {
    let inner = indent + "  "
    switch self {
    case .null: return "null"
    case .number(let value): return value.isFinite ? OptionValue.number(value).description : "null"
    case .text(let text): return quoted(text)
    case .flag(let value): return value ? "true" : "false"
    case .list(let elements):
      if elements.allSatisfy(\.isScalar) {
        return "[" + elements.map { $0.json(indent: "") }.joined(separator: ", ") + "]"
      }
      return "[\n" + elements.map { inner + $0.json(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .map(let members):
      if members.isEmpty { return "{}" }
      let lines = members.map { "\(inner)\(quoted($0.key)): \($0.value.json(indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  /// The value as YAML, ending in a line break.
  public var yaml: String { yamlLines().map { $0 + "\n" }.joined() }

  private func yamlLines() -> [String] {
    switch self {
    case .null, .number, .flag: return [json]
    case .text(let text): return [plainOrQuoted(text)]
    case .list(let elements):
      if let line = Self.yamlLine(of: elements) { return [line] }
      return elements.flatMap { element in
        element.yamlLines().enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
      }
    case .map(let members):
      if members.isEmpty { return ["{}"] }
      return members.flatMap { member -> [String] in
        let key = plainOrQuoted(member.key)
        let lines = member.value.yamlLines()
        return member.value.isBlock ? ["\(key):"] + lines.map { "  " + $0 } : ["\(key): " + lines.joined()]
      }
    }
  }

  /// Plain values in one line; nil where they need lines of their own, as hundreds of seeds do: a line of a recipe that
  /// is too long is not read again.
  private static func yamlLine(of elements: [DocumentNode]) -> String? {
    guard elements.allSatisfy(\.isScalar) else { return nil }
    let line = "[" + elements.flatMap { $0.yamlLines() }.joined(separator: ", ") + "]"
    return line.utf8.count <= RecipeText.longestLine / 2 ? line : nil
  }

  /// Whether YAML needs lines of its own for the value.
  private var isBlock: Bool {
    switch self {
    case .list(let elements): Self.yamlLine(of: elements) == nil
    case .map(let members): !members.isEmpty
    case .null, .number, .text, .flag: false
    }
  }
}

/// A word as it is if YAML takes it for that word and nothing else, otherwise in double quotes.
private func plainOrQuoted(_ text: String) -> String {
  let isWord = text.unicodeScalars.allSatisfy {
    $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-_./".unicodeScalars.contains($0))
  }
  let startsWithLetter = text.unicodeScalars.first?.properties.isAlphabetic ?? false
  let isKeyword = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
  return isWord && startsWithLetter && !isKeyword ? text : quoted(text)
}

/// A JSON string, which is a YAML string too.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    // Controls must be escaped; the others turn the direction of writing on a terminal.
    case "\0"..<" ", "\u{7F}"..<"\u{A0}", "\u{61C}", "\u{200E}", "\u{200F}", "\u{2028}"..."\u{202E}",
      "\u{2066}"..."\u{2069}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
