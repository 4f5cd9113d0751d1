import Experiments
import Foundation
import Support
import Testing

/// A text that must not crash the reader, told by its name because it may be a megabyte long.
struct HostileText: CustomTestStringConvertible {
  let testDescription: String
  let text: String
  let expected: String

  init(_ name: String, _ text: String, _ expected: String) {
    testDescription = name
    self.text = text
    self.expected = expected
  }
}

@Suite("Hostile recipe text")
struct HostileRecipeTests {
  static let texts: [HostileText] = [
    HostileText("empty text", "", "r.yaml: is empty; "),
    HostileText("only a comment", "# nothing\n", "r.yaml: is empty; "),
    HostileText("a list", "[1, 2]", "r.yaml:1:1: the recipe is a list; it takes a mapping"),
    HostileText("a control character", "name: a\u{7}b", "r.yaml:1:8: control characters are not allowed; remove"),
    HostileText(
      "an alias bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "r.yaml:1:4: anchors (&name) are not read; write"),
    HostileText("an alias as a key", "? &a [x]\n: 1", "r.yaml:1:3: anchors (&name) are not read"),
    HostileText("an alias to nothing", "name: *x", "r.yaml:1:7: found undefined alias; write the value out"),
    HostileText(
      "deep brackets", String(repeating: "[", count: 500_000), "r.yaml:1:1001: more than 1000 opening brackets; write"),
    HostileText(
      "deep brackets on many lines", String(repeating: "{a:\n", count: 200_000), "r.yaml:1001:1: more than 1000 opening"
    ),
    HostileText(
      "a line of nested lists", String(repeating: "- ", count: 500_000),
      "r.yaml:1:1: the line is longer than 1000 bytes"
    ),
    HostileText(
      "500 nested lists", String(repeating: "- ", count: 490) + "a",
      "r.yaml:1:25: nested deeper than 12 levels; a recipe"
    ),
    HostileText(
      "a thousand brackets", String(repeating: "[", count: 999) + String(repeating: "]", count: 1), "r.yaml:"),
    HostileText(
      "balanced brackets", String(repeating: "[\n", count: 990) + String(repeating: "]\n", count: 990),
      "r.yaml:13:1: nested deeper than 12 levels"
    ),
    HostileText(
      "deep indentation", (0..<900).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
      "r.yaml:13:13: nested deeper than 12 levels"
    ),
  ]

  @Test("ends in one line, whatever it is", arguments: texts)
  func refused(_ hostile: HostileText) throws {
    let line = try #require(refusal(hostile.text))
    #expect(line.hasPrefix(hostile.expected))
    #expect(!line.contains("\n"))
  }

  @Test("is refused as a file that is missing, a folder, too large or not text")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func refusal(_ name: String, _ bytes: [UInt8]?) throws -> String {
      let file = folder.appendingPathComponent(name)
      if let bytes { try Data(bytes).write(to: file) }
      let error = #expect(throws: InputError.self) { try Recipe.read(from: file.path, vocabulary: smallVocabulary) }
      return error?.description.replacing(folder.path + "/", with: "") ?? ""
    }
    #expect(
      try refusal("missing.yaml", nil).hasPrefix("missing.yaml: no such file; give"))
    #expect(try refusal("latin.yaml", [0x6E, 0x3A, 0x20, 0xE9]).hasPrefix("latin.yaml: is not text in UTF-8; save"))
    let large = [UInt8](repeating: 35, count: (1 << 20) + 1)
    #expect(try refusal("large.yaml", large).hasPrefix("large.yaml: has "))
    let error = #expect(throws: InputError.self) { try Recipe.read(from: "/dev/zero", vocabulary: smallVocabulary) }
    #expect(error?.description.hasPrefix("/dev/zero: is not a regular file; a recipe, a page of YAML, is") ?? false)
    let directory = #expect(throws: InputError.self) { try Recipe.read(from: folder.path, vocabulary: smallVocabulary) }
    #expect(directory?.description.contains("is a folder; a recipe, a page of YAML, is expected") ?? false)
  }
}
