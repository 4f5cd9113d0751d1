import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite("Hostile NumPy files") struct HostileNumPyTests {
  /// A file of version 1 with a header and data.
  static func npy(_ header: String, _ data: Int = 24, version: UInt8 = 1, length: Int? = nil) -> [UInt8] {
    let text = Array(header.utf8) + [0x0A]
    let count = length ?? text.count
    let size = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + size + text + [UInt8](repeating: 1, count: data)
  }

  private static func dictionary(
    _ descr: String = "'<f4'", _ order: String = "False", _ shape: String = "(2, 3)"
  ) -> String {
    "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }"
  }

  static let good = npy(dictionary())

  static var types: [BadFile] {
    [
      "|O", "|O8", "<U5", "|S7", "<M8[ns]", "<m8", "|V2", "<V2", "<f16", "<c16", "<c4", "<f3", "<i16", "<i3", "f4",
      "", "<", "|f4", "|i8", "!f4", "<f4 ", "float32", "<b1x", "{}",
    ].map { BadFile("type \($0)", npy(dictionary("'\($0)'"))) }
      + ["[('a', '<f4')]", "['<f4']", "None", "4", "'<f4", "\"<f4'", "'<f\\x34'", "b'<f4'", "u'<f4'", "('<f4',)"]
      .map { BadFile("type \($0)", npy(dictionary($0))) }
  }

  static var shapes: [BadFile] {
    [
      "(-1, 6)", "(2, -3)", "(2.0, 3)", "(2, 3", "2, 3)", "[2, 3]", "(2 3)", "(2,, 3)", "(0x6,)", "(1e1,)", "('6',)",
      "(None,)", "(9223372036854775807, 2)", "(18446744073709551616,)", "(4294967296, 4294967296, 4294967296)",
      "(2, 4)", "(7,)", "(1,)", "()", "(1000000000,)", "(2, 0)", "((2, 3),)", "(2, 3) * 2", "(__import__('os'),)",
      "(" + String(repeating: "1, ", count: 40) + "6)",
    ].map { BadFile("shape \($0)", npy(dictionary("'<f4'", "False", $0))) }
  }

  static var headers: [BadFile] {
    [
      "", "{}", "{", "}", "[]", "None", "{'descr': '<f4'}", dictionary() + " x", "x" + dictionary(),
      dictionary().replacing("}", with: "'more': 1, }"), dictionary().replacing("'shape'", with: "'Shape'"),
      dictionary().replacing("'shape': (2, 3), ", with: ""), dictionary().replacing(", 'fort", with: " 'fort"),
      dictionary().replacing("'descr': '<f4', ", with: "'descr': '<f4', 'descr': '<f4', "),
      dictionary("'<f4'", "false"), dictionary("'<f4'", "1"), dictionary("'<f4'", "'False'"), dictionary("'<f4'", ""),
      dictionary().replacing(":", with: "="), String(repeating: "{", count: 5000), String(repeating: "(", count: 5000),
      "{'descr': '" + String(repeating: "f", count: 9000) + "'}",
    ].map { BadFile("header \($0.prefix(60))", npy($0)) }
  }

  static var frames: [BadFile] {
    [
      BadFile("a header beyond the end", npy(dictionary(), length: 9000)),
      BadFile("a header of 65535 bytes", npy(dictionary(), 70_000, length: 65_535)),
      BadFile("a header of 2^32−1 bytes", npy(dictionary(), version: 2, length: 0xFFFF_FFFF)),
      BadFile("a header of 2^31 bytes", npy(dictionary(), version: 3, length: 1 << 31)),
      BadFile("a header of 0 bytes", npy(dictionary(), length: 0)), BadFile("version 0", npy(dictionary(), version: 0)),
      BadFile("version 4", npy(dictionary(), version: 4)), BadFile("version 255", npy(dictionary(), version: 255)),
      BadFile("a byte too many", npy(dictionary(), 25)), BadFile("a byte too few", npy(dictionary(), 23)),
      BadFile("a pickle", [0x80, 2] + Array("cos\nsystem\n(S'true'\ntR.".utf8)),
      BadFile("a zip file", [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 50)),
    ]
  }

  @Test("are refused in one line each, sixty and more")
  func refused() throws {
    let made = Self.types + Self.shapes + Self.headers + Self.frames
    let cuts = BadFile.cut(Self.good, at: 0..<Self.good.count)
    let read: (String) throws -> Void = { _ = try NumPyArray.read(URL(fileURLWithPath: $0)) }
    #expect(try BadFile.refusals(of: made, mustFail: true, read) >= 60)
    #expect(try BadFile.refusals(of: cuts, mustFail: true, read) >= 60)
  }

  @Test("with any byte changed come to a value or a line")
  func flipped() throws {
    let refused = try BadFile.refusals(of: BadFile.flipped(Self.good, Self.good.indices), mustFail: false) {
      _ = try NumPyArray.read(URL(fileURLWithPath: $0))
    }
    #expect(refused >= 60)
  }
}
