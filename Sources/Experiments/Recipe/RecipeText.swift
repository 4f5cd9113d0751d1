import Glibc
import Support
import Yams

/// Reading of recipe text into ``SourceNode``s: bounded in size, depth and work before the YAML parser sees it.
///
/// The parser recurses per level and copies what an alias names, so hostile text is refused beforehand: by total number
/// of opening brackets and by length of line (block nesting costs columns), both sound whatever is quoted; and by
/// anchors, which a recipe does not need.
enum RecipeText {
  static let largestFile = 1 << 20
  static let longestLine = 1_000
  static let mostBrackets = 1_000
  static let deepestLevel = 12

  /// The text of a file.
  ///
  /// - Throws: ``InputError`` if it cannot be read, is larger than 1 MB or is not UTF-8.
  static func contents(of path: String) throws -> String {
    var bytes = try FileBytes.read(
      path, atMost: largestFile, as: "a recipe, a page of YAML,",
      remedy: "give the path of a recipe; 'kdscope recipe --example' prints one")
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputError(path, "is not text in UTF-8", remedy: "save the recipe as UTF-8")
    }
    return text
  }

  /// The tree of a YAML text.
  ///
  /// - Parameters:
  ///   - text: one YAML document.
  ///   - place: file name or `--set KEY`.
  ///   - hasLines: whether places of values are lines and columns of the text; otherwise all stand at `place`.
  /// - Returns: the root, each value with its place.
  /// - Throws: ``InputError`` for malformed or hostile text.
  static func parse(_ text: String, at place: String, hasLines: Bool = true) throws -> SourceNode {
    func position(_ line: Int, _ column: Int) -> String { hasLines ? "\(place):\(line):\(column)" : place }
    try refuseHostile(text, position, hasLines: hasLines)
    let root: Node?
    do {
      root = try Yams.compose(yaml: text, .default, .default, .utf8)
    } catch let error as YamlError {
      // A value on a command line is quoted for the shell and, where YAML would read signs in it, for YAML.
      let remedy = hasLines ? "check indentation, colons and quotes there" : "put a text in quotes twice, as '\"…\"'"
      throw readable(error, in: text, place, position, remedy: remedy)
    }
    guard let root else {
      throw InputError(place, "is empty", remedy: "'kdscope recipe --example' shows what a recipe looks like")
    }
    return try convert(root, depth: 1) { mark in mark.map { position($0.line, $0.column) } ?? place }
  }

  private static func refuseHostile(_ text: String, _ position: (Int, Int) -> String, hasLines: Bool) throws {
    let bytes = Array(text.utf8)
    var (line, column, brackets) = (1, 0, 0)
    for (index, byte) in bytes.enumerated() {
      column += 1
      switch byte {
      case UInt8(ascii: "\n"): (line, column) = (line + 1, 0)
      case UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
      case UInt8(ascii: "&") where startsAnchor(index, of: bytes):
        throw InputError(
          position(line, column), "anchors (&name) are not read",
          remedy: "write the value again, or put a space behind the '&' of a text")
      default: break
      }
      if brackets > mostBrackets {
        throw InputError(
          position(line, column), "more than \(mostBrackets) opening brackets",
          remedy: "write long lists one element a line")
      }
      if column > longestLine {
        throw InputError(
          position(line, 1), "the line is longer than \(longestLine) bytes",
          remedy: hasLines ? "break it into several lines" : "write it into the recipe, in several lines")
      }
    }
  }

  /// Whether an ampersand may be an anchor: where a value can begin, with a name behind it.
  private static func startsAnchor(_ index: Int, of bytes: [UInt8]) -> Bool {
    let isAtStart = index == 0 || " \t\n\r[{,:".utf8.contains(bytes[index - 1])
    guard isAtStart, index + 1 < bytes.count else { return false }
    let next = Unicode.Scalar(bytes[index + 1])
    return next.properties.isAlphabetic || next.properties.numericType != nil || next == "_" || next == "-"
  }

  private static func readable(
    _ error: YamlError, in text: String, _ place: String, _ position: (Int, Int) -> String, remedy: String
  ) -> InputError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
      return InputError(
        position(mark.line, mark.column), "not YAML (\(problem))", remedy: remedy)
    case .composer(_, let problem, let mark, _):
      let remedy = problem.contains("alias") ? "write the value out" : "keep one document"
      return InputError(position(mark.line, mark.column), problem, remedy: remedy)
    case .duplicatedKeysInMapping(let keys, let context):
      return InputError(
        position(context.mark.line, context.mark.column), "'\(keys.joined(separator: "', '"))' is given more than once",
        remedy: "keep one")
    case .reader(let problem, let offset, _, _):
      let before = text.prefix(offset ?? 0)
      let column =
        before.count - (before.lastIndex(of: "\n").map { before.distance(from: before.startIndex, to: $0) } ?? -1)
      return InputError(
        position(before.count { $0 == "\n" } + 1, column), problem, remedy: "remove characters that cannot be printed")
    default:
      return InputError(place, "cannot be read as YAML", remedy: "check its syntax")
    }
  }

  private static func convert(_ node: Node, depth: Int, _ position: (Mark?) -> String) throws -> SourceNode {
    let place = position(node.mark)
    guard depth <= deepestLevel else {
      throw InputError(place, "nested deeper than \(deepestLevel) levels", remedy: "a recipe needs fewer than 6")
    }
    switch node {
    case .scalar(let scalar):
      return SourceNode(content: .scalar(scalar.string, isPlain: scalar.style == .plain), place: place)
    case .sequence(let sequence):
      let elements = try sequence.map { try convert($0, depth: depth + 1, position) }
      return SourceNode(content: .list(elements), place: place)
    case .mapping(let mapping):
      let entries = try mapping.map { key, value in
        guard case .scalar(let name) = key else {
          throw InputError(position(key.mark), "a key must be a word", remedy: "write 'key: value'")
        }
        return SourceNode.Entry(
          key: name.string, place: position(key.mark), value: try convert(value, depth: depth + 1, position))
      }
      return SourceNode(content: .map(entries), place: place)
    case .alias(let alias):
      throw InputError(position(alias.mark), "aliases (*name) are not read", remedy: "write the value out")
    }
  }
}

/// Whether a path leads to a file (not a folder) that can be read.
func isReadableFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, R_OK) == 0
}
