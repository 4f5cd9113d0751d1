import Foundation
import TestSupport
import Testing

@Suite("The terminal", .tags(.cli))
struct TerminalTests {
  private static let colour = "a\u{1B}[31m\u{7}\u{9B}2Jb\u{202E}c"
  private static let shown = "a\\x1b[31m\\x07\\x9b2Jb\\u{202e}c"

  @Test("gets no escape of a path, an option, a key, a class or a tensor")
  func escapes() throws {
    try withTemporaryDirectory { folder in
      func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
      try write("\(Self.colour).yaml", "name: [")
      try write("key.yaml", "\"a\\e[31m\\a\\x9b2Jb\\u202Ec\": 1\n")
      try write("t.csv", "x,\(Self.colour)\n1,2\n")
      let header = #"{"a\u001b[31m\u0007\u009b2Jb\u202ec":{"dtype":"F33","shape":[],"data_offsets":[0,4]}}"#
      let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
      try (length + Data(header.utf8) + Data([0, 0, 0, 0])).write(to: folder.appendingPathComponent("t.safetensors"))
      let good = header.replacing("F33", with: "F32")
      try (length + Data(good.utf8) + Data([0, 0, 0, 0])).write(to: folder.appendingPathComponent("good.safetensors"))
      try (length + Data(good.utf8) + Data([0, 0, 128, 63])).write(
        to: folder.appendingPathComponent("other.safetensors"))
      for line in [
        ["recipe", "--check", "\(Self.colour).yaml"], ["recipe", "--check", "key.yaml"],
        ["probe", "summary", "t.safetensors"],
        [Self.colour], ["run", "--\(Self.colour)"], ["runs", "show", Self.colour],
        ["plot", "t.csv", "--y", Self.colour + "x"],
        ["recipe", "--check", "none-\(Self.colour).yaml"], ["methods", "show", Self.colour],
        ["diff", "good.safetensors", "other.safetensors"], ["diff", "good.safetensors", "other.safetensors", "--json"],
      ] {
        let outcome = try CommandLineTool.run(line, in: folder)
        let text = outcome.output + outcome.errors
        let hidden = text.unicodeScalars.filter {
          $0 != "\n" && ($0.value < 32 || (127..<160).contains($0.value) || $0.value == 0x202E)
        }
        #expect(hidden.isEmpty && outcome.code != 0, "\(line): \(outcome.summary)")
        let isShown = text.contains(Self.shown) || text.contains(#"a\u001b[31m\u0007\u009b2Jb\u202ec"#)
        #expect(isShown, "\(line): \(outcome.summary)")
      }
    }
  }

  @Test("gets no flood of a name of five megabytes")
  func floods() throws {
    try withTemporaryDirectory { folder in
      let flood = String(repeating: "long name ", count: 500_000)
      func file(_ value: UInt8, _ names: [String]) -> Data {
        let entries = names.enumerated().map {
          "\"\($1)\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[\($0),\($0 + 1)]}"
        }
        let header = "{\(entries.joined(separator: ","))}"
        return withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
          + Data(repeating: value, count: names.count)
      }
      let names = [flood] + (0..<50).map { "t\($0)" }
      try file(1, names).write(to: folder.appendingPathComponent("a.safetensors"))
      try file(2, names).write(to: folder.appendingPathComponent("b.safetensors"))
      let outcome = try CommandLineTool.run(["diff", "a.safetensors", "b.safetensors"], in: folder, mebibytes: 1024)
      #expect(outcome.code == 1 && outcome.output.utf8.count < 100_000 && outcome.output.contains("…"))
      let summary = try CommandLineTool.run(["probe", "summary", "a.safetensors", "--model", "resnet8"], in: folder)
      #expect(summary.failed(2, "") && summary.errors.utf8.count < 5000, "\(summary.summary)")
    }
  }

  @Test(
    "that goes away ends the program quietly, whether its signal is ignored or not",
    arguments: ["true", "trap '' PIPE"])
  func head(_ setting: String) throws {
    try withTemporaryDirectory { folder in
      // Help and lists are short: only a reader that has gone already is sure to be missed.
      let program = try CommandLineTool.start(["methods", "--json"], in: folder, after: setting, pipe: "true")
      let outcome = program.wait(timeout: 30)
      #expect(outcome.errors.isEmpty, "\(outcome.summary)")
    }
  }
}
