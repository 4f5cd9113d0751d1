/// A piece of a line of markdown, for documents of other kinds.
indirect enum MarkdownSpan: Equatable {
  case text(String)
  case code(String)
  case strong([MarkdownSpan])
  case emphasis([MarkdownSpan])
  case link([MarkdownSpan], address: String)

  /// What a text says, on one line.
  static func spans(of text: MarkdownText) -> [MarkdownSpan] {
    var reader = MarkdownReader(text.markdown.replacingLineEnds())
    return reader.spans(until: nil)
  }
}

/// Reads the markdown that a ``MarkdownText`` holds, character by character.
private struct MarkdownReader {
  private let characters: [Character]
  private var position = 0

  init(_ markdown: String) { characters = Array(markdown) }

  /// The pieces up to a mark, which is read too, or to the end.
  mutating func spans(until end: String?) -> [MarkdownSpan] {
    var spans: [MarkdownSpan] = []
    // Neighbouring plain characters belong together: a power has several digits.
    var plain = ""
    func flush() {
      if !plain.isEmpty { spans.append(.text(plain)) }
      plain = ""
    }
    while position < characters.count {
      if let end, closes(end, at: position) {
        position += end.count
        break
      }
      let character = characters[position]
      if character == "\\", position + 1 < characters.count, characters[position + 1].isASCIIPunctuation {
        plain.append(characters[position + 1])
        position += 2
      } else if character == "`", let code = code() {
        flush()
        spans.append(.code(code))
      } else if opens("**") {
        position += 2
        flush()
        spans.append(.strong(self.spans(until: "**")))
      } else if opens("*") {
        position += 1
        flush()
        spans.append(.emphasis(self.spans(until: "*")))
      } else if character == "[", let link = link() {
        var inner = MarkdownReader(link.text)
        flush()
        spans.append(.link(inner.spans(until: nil), address: link.address))
      } else {
        plain.append(character)
        position += 1
      }
    }
    flush()
    return spans
  }

  private func isMark(_ mark: String, at place: Int) -> Bool {
    // One star of two is none of its own.
    characters[place...].starts(with: mark) && !(mark == "*" && characters[place...].starts(with: "**"))
  }

  /// A mark opens where text follows at once, and closes where text stands at once before.
  private func opens(_ mark: String) -> Bool {
    let start = position + mark.count
    guard isMark(mark, at: position), start < characters.count, !characters[start].isWhitespace else { return false }
    return (start + 1..<max(start + 1, characters.count)).contains { closes(mark, at: $0) }
  }

  private func closes(_ mark: String, at place: Int) -> Bool {
    place > 0 && isMark(mark, at: place) && !characters[place - 1].isWhitespace && characters[place - 1] != "\\"
  }

  private func find(_ mark: String, from start: Int) -> Int? {
    var place = start
    while place + mark.count <= characters.count {
      if characters[place...].starts(with: mark) { return place }
      place += characters[place] == "\\" ? 2 : 1
    }
    return nil
  }

  /// A span of code, read with its fences; nil where they do not close.
  private mutating func code() -> String? {
    let fence = String(characters[position...].prefix { $0 == "`" })
    var place = position + fence.count
    while place < characters.count {
      let run = characters[place...].prefix { $0 == "`" }.count
      if run == fence.count {
        let code = String(characters[position + fence.count..<place])
        position = place + run
        return code.hasPrefix(" ") && code.hasSuffix(" ") && code.count > 2 ? String(code.dropFirst().dropLast()) : code
      }
      place += max(1, run)
    }
    return nil
  }

  /// A link, read whole; nil where there is none.
  private mutating func link() -> (text: String, address: String)? {
    guard let middle = find("](", from: position + 1), let end = find(")", from: middle + 2) else { return nil }
    defer { position = end + 1 }
    return (String(characters[position + 1..<middle]), String(characters[middle + 2..<end]))
  }
}

extension Character {
  fileprivate var isASCIIPunctuation: Bool { isASCII && (isPunctuation || isSymbol) }
}
