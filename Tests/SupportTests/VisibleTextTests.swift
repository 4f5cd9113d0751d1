import Support
import Testing

@Suite("A text for a terminal")
struct VisibleTextTests {
  @Test(
    "has escapes for what is not seen, and letters of all languages as they are",
    arguments: [
      ("plain", "plain"), ("a\u{1B}[31mred", "a\\x1b[31mred"), ("bell\u{7}", "bell\\x07"), ("\u{9B}31m", "\\x9b31m"),
      ("cr\rover", "cr\\x0dover"), ("del\u{7F}", "del\\x7f"), ("abc\u{202E}gnp.exe", "abc\\u{202e}gnp.exe"),
      ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"), ("a\u{2028}b", "a\\u{2028}b"), ("\u{E0041}", "\\u{e0041}"),
      ("größe, 猫, кот, ‖A − B‖, 👩\u{200D}🔬", "größe, 猫, кот, ‖A − B‖, 👩\u{200D}🔬"), ("\0", "\\x00"),
      ("עברית", "עברית"), ("two\nlines\tand a tab", "two\nlines\tand a tab"), ("a\r\nb", "a\\x0d\nb"),
    ])
  func escapes(_ text: String, _ expected: String) {
    #expect(VisibleText.lines(text) == expected && VisibleText.data(text) == expected)
  }

  @Test("escapes line breaks too where it is a name")
  func names() {
    #expect(VisibleText.name("a\nkdscope: all is well\t") == "a\\x0akdscope: all is well\\x09")
    #expect(VisibleText.name("abcdef", atMost: 3) == "abc…" && VisibleText.name("abc", atMost: 3) == "abc")
  }

  @Test("is cut where a word or a line has no end, and data are not")
  func cut() {
    let flood = String(repeating: "x", count: 5_000_000)
    let line = VisibleText.lines("begin \(flood) end\nnext")
    #expect(line.hasPrefix("begin xxx") && line.hasSuffix("x… end\nnext") && line.count < 1100)
    let words = VisibleText.lines(String(repeating: "word ", count: 100_000))
    #expect(words.hasSuffix("…") && words.count == VisibleText.longestMessage + 1)
    #expect(VisibleText.data(flood).count == flood.count)
    let path = "/" + String(repeating: "folder/", count: 100)
    #expect(VisibleText.lines(path) == path)
  }
}
