import Reporting
import Testing

@Suite("Markdown text")
struct MarkdownTextTests {
  @Test(
    "escapes what would be markup and leaves alone what would not",
    arguments: [
      ("N_fg at b = 0.2", "N_fg at b = 0.2"), ("0.8 [0.1, 0.3]", "0.8 [0.1, 0.3]"), ("3 < 4 > 2", "3 < 4 > 2"),
      ("_all_", "\\_all\\_"), ("a*b*c", "a\\*b\\*c"), ("`x`", "\\`x\\`"), ("<b>", "\\<b>"), ("a <- b", "a <- b"),
      ("[here](evil)", "[here\\](evil)"), ("[1]: x", "[1\\]: x"), ("&amp; R&D", "\\&amp; R\\&D"), ("a & b", "a & b"),
      ("~~gone~~", "\\~\\~gone\\~\\~"), ("$x$", "\\$x\\$"), ("back\\slash", "back\\\\slash"), ("", ""),
      ("# no title", "\\# no title"), ("> no quote", "\\> no quote"), ("- no item", "\\- no item"),
      ("+ no item", "\\+ no item"), ("-0.5", "-0.5"), ("---", "\\---"), ("12. no item", "12\\. no item"),
      ("3) no item", "3\\) no item"), ("12.5 nats", "12.5 nats"), ("7.", "7\\."),
      ("two\nlines\r\nhere", "two lines here"),
      ("    four", "four"), (" - no item", "\\- no item"), ("日本 naïve é", "日本 naïve é"),
    ])
  func escaping(_ plain: String, _ markdown: String) {
    #expect(MarkdownText(plain: plain).markdown == markdown)
  }

  @Test("is markdown where it is literal and plain text where it is interpolated")
  func interpolation() {
    let name = "a*b"
    let text: MarkdownText = "**\(name)** in \(code: "x|y"): \(12345) of \(MarkdownText(markdown: "*all*")), # \("# 1")"
    #expect(text.markdown == "**a\\*b** in `x|y`: 12\u{202F}345 of *all*, # # 1")
    let start: MarkdownText = "\("# x")"
    #expect(start.markdown == "\\# x")
  }

  @Test(
    "fences code with more backticks than it holds",
    arguments: [("x", "`x`"), ("a`b", "``a`b``"), ("``", "``` `` ```"), ("`", "`` ` ``"), ("", "`  `")])
  func code(_ code: String, _ markdown: String) {
    #expect(MarkdownText(code: code).markdown == markdown)
  }
}
