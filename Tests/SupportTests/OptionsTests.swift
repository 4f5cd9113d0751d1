import Foundation
import Support
import Testing

@Suite("Options")
struct OptionsTests {
  private let entry = CatalogEntry(
    "method", "a method",
    options: [
      OptionDescription("count", .integer(1...9), default: .number(3), "how many"),
      OptionDescription("rate", .number(0...1), "a share"), OptionDescription("mode", .choice(["a", "b"]), "which"),
      OptionDescription("note", .text, "anything"), OptionDescription("on", .flag, default: .flag(true), "a switch"),
      OptionDescription("names", .texts, "a list"), OptionDescription("steps", .numbers, "a list"),
    ])

  @Test("are filled with defaults and checked")
  func filled() throws {
    let options = try Options(["rate": .number(0.5), "names": .list([.text("x")])], for: entry, at: "here")
    let expected: [String: OptionValue] = [
      "count": .number(3), "on": .flag(true), "rate": .number(0.5), "names": .list([.text("x")]),
    ]
    #expect(options.values == expected)
  }

  @Test(
    "of a wrong name, kind or size are refused with what would be right",
    arguments: [
      ("cuont", .number(1), "here: method has no option 'cuont'; did you mean 'count'? known: count, mode,"),
      ("count", .number(0), "here: count is 0; it takes a whole number from 1 to 9"),
      ("count", .number(2.5), "here: count is 2.5; it takes a whole number"),
      ("count", .number(.nan), "here: count is nan; it takes a whole number"),
      ("count", .text("3"), "here: count is 3; it takes a whole number"),
      ("rate", .number(1.5), "here: rate is 1.5; it takes a number from 0 to 1"),
      ("rate", .number(.infinity), "here: rate is inf; it takes a number from 0 to 1"),
      ("mode", .text("c"), "here: mode is c; it takes one of a, b"),
      ("on", .text("yes"), "here: on is yes; it takes true or false"),
      ("names", .list([.number(1)]), "here: names is [1]; it takes a list of names"),
      ("steps", .number(1), "here: steps is 1; it takes a list of numbers"),
    ] as [(String, OptionValue, String)])
  func refused(_ key: String, _ value: OptionValue, _ expected: String) {
    let error = #expect(throws: InputError.self) { try Options([key: value], for: entry, at: "here") }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
  }

  @Test("are plain values in JSON, and come back as they were")
  func json() throws {
    let values: [String: OptionValue] = [
      "a": .number(0.5), "b": .number(1), "c": .number(0), "d": .text("1"), "e": .flag(true), "f": .flag(false),
      "g": .list([.number(1), .text("x"), .list([])]),
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = try encoder.encode(values)
    #expect(
      String(decoding: text, as: UTF8.self) == #"{"a":0.5,"b":1,"c":0,"d":"1","e":true,"f":false,"g":[1,"x",[]]}"#)
    #expect(try JSONDecoder().decode([String: OptionValue].self, from: text) == values)
  }
}
