import Support
import Testing

@Suite("Keys of options")
struct OptionKeyTests {
  private enum Mode: String, OptionChoice {
    case first
    case second = "the-second"
  }

  private static let count = OptionKey.integer("count", 1...9, default: 3, "how many")
  private static let rate = OptionKey.number("rate", 0...1, default: 0.5, isImplicit: true, "a share")
  private static let share = OptionKey.number("share", 0...1, "a share")
  private static let most = OptionKey.integer("most", 1...9, "at most")
  private static let on = OptionKey.flag("on", default: true, "a switch")
  private static let off = OptionKey.flag("off", "a switch")
  private static let note = OptionKey.text("note", default: "none", "anything")
  private static let path = OptionKey.text("path", "a file")
  private static let mode = OptionKey.choice("mode", default: Mode.second, "which")
  private static let other = OptionKey.choice("other", unlessGiven: Mode.first, "which")
  private static let maybe = OptionKey.choice("maybe", of: Mode.self, "which")
  private static let names = OptionKey.texts("names", "a list")
  private static let usual = OptionKey.texts("usual", default: ["a", "b"], "a list")
  private static let steps = OptionKey.numbers("steps", "a list")
  private static let size = OptionKey.size("size", 1...64, "pixels")

  private let entry = CatalogEntry(
    "method", "a method",
    options: [
      count.option, rate.option, share.option, most.option, on.option, off.option, note.option, path.option,
      mode.option, other.option, maybe.option, names.option, usual.option, steps.option, size.option,
    ])

  @Test("read defaults, and store those alone that a recipe's hash has always had")
  func defaults() throws {
    let options = try Options([:], for: entry, at: "here")
    #expect(options[Self.count] == 3 && options[Self.rate] == 0.5 && options[Self.on] && !options[Self.off])
    #expect(options[Self.share] == nil && options[Self.most] == nil && options[Self.path] == nil)
    #expect(options[Self.note] == "none" && options[Self.mode] == .second && options[Self.other] == .first)
    #expect(options[Self.maybe] == nil && options[Self.names].isEmpty && options[Self.usual] == ["a", "b"])
    #expect(options[Self.steps].isEmpty && options[Self.size] == nil)
    let stored: [String: OptionValue] = [
      "count": .number(3), "on": .flag(true), "note": .text("none"), "mode": .text("the-second"),
      "usual": .list([.text("a"), .text("b")]),
    ]
    #expect(options.values == stored)
  }

  @Test("read what was given, with its type")
  func given() throws {
    let options = try Options(
      [
        "count": .number(9), "rate": .number(0.25), "share": .number(0), "most": .number(1), "on": .flag(false),
        "off": .flag(true), "note": .text("x"), "path": .text("y"), "mode": .text("first"),
        "other": .text("the-second"), "maybe": .text("first"), "names": .list([.text("z")]), "usual": .list([]),
        "steps": .list([.number(1), .number(2.5)]), "size": .list([.number(8), .number(4)]),
      ], for: entry, at: "here")
    #expect(options[Self.count] == 9 && options[Self.rate] == 0.25 && options[Self.share] == 0)
    #expect(options[Self.most] == 1 && !options[Self.on] && options[Self.off] && options[Self.note] == "x")
    #expect(options[Self.path] == "y" && options[Self.mode] == .first && options[Self.other] == .second)
    #expect(options[Self.maybe] == .first && options[Self.names] == ["z"] && options[Self.usual].isEmpty)
    #expect(options[Self.steps] == [1, 2.5])
    let size = try #require(options[Self.size])
    #expect(size == (8, 4))
    let square = try #require(try Options(["size": .number(16)], for: entry, at: "here")[Self.size])
    #expect(square == (16, 16))
  }

  @Test("of words are checked by the words alone")
  func words() {
    #expect(Self.mode.option.expectation == "one of first, the-second")
    let error = #expect(throws: InputError.self) {
      try Options(["maybe": .text("second")], for: entry, at: "here")
    }
    #expect(error?.description.contains("one of first, the-second") == true)
  }
}
