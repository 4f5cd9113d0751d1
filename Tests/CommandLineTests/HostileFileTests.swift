import Checkpoints
import Foundation
import TestSupport
import Testing

/// The format's own tests are beside the reader; here a user meets such files.
@Suite("A hostile checkpoint", .tags(.cli))
struct HostileFileTests {
  /// A good file's header and data, changed.
  struct Hostile: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let line: String
    let change: @Sendable (_ header: String, _ data: Data) -> Data

    init(_ name: String, _ line: String, _ change: @escaping @Sendable (String, Data) -> Data) {
      testDescription = name
      self.line = line
      self.change = change
    }
  }

  private static func file(_ header: String, _ data: Data, claims length: UInt64? = nil) -> Data {
    let bytes = Data(header.utf8)
    return withUnsafeBytes(of: (length ?? UInt64(bytes.count)).littleEndian) { Data($0) } + bytes + data
  }

  /// bn1.bias lies first, [0, 64], bn1.running_mean behind it.
  static let files = [
    Hostile("cut short in its data", ": the file is ") { file($0, $1.dropLast()) },
    Hostile("cut short in its header", ": byte 0: a header of ") { file($0, $1).prefix(500) },
    Hostile("cut to a few bytes", ": the file has 5 bytes, too few for a header; ") { file($0, $1).prefix(5) },
    Hostile("empty", ": is empty; ") { _, _ in Data() },
    Hostile(
      "with a header longer than the file", ": byte 0: a header of 99999999 bytes is claimed, but the file has only"
    ) {
      file($0, $1, claims: 99_999_999)
    },
    Hostile("with a header of 2⁶³ bytes", ": byte 0: a header of 9223372036854775808 bytes is claimed, above the limit")
    {
      file($0, $1, claims: 1 << 63)
    },
    Hostile(
      "with overlapping tensors", ": tensor 'bn1.running_mean': data_offsets [60, 124] overlap the tensor before;"
    ) {
      file($0.replacing("[64,128]", with: "[60,124]"), $1)
    },
    Hostile("with a hole", ": tensor 'bn1.running_mean': data_offsets [68, 132] leave a hole; they must begin at 64") {
      file($0.replacing("[64,128]", with: "[68,132]"), $1)
    },
    Hostile("with offsets beyond the file", ": tensor 'bn1.bias': data_offsets [0, 99999999] span 99999999 bytes; F32")
    {
      file($0.replacing("[0,64]", with: "[0,99999999]"), $1)
    },
    Hostile("with offsets that overflow", ": tensor 'bn1.bias': data_offsets [0, 18446744073709551615] span") {
      file($0.replacing("[0,64]", with: "[0,18446744073709551615]"), $1)
    },
    Hostile("with a type that does not exist", "unknown dtype 'F33'; known are ") {
      file($0.replacing("\"bn1.bias\":{\"dtype\":\"F32\"", with: "\"bn1.bias\":{\"dtype\":\"F33\""), $1)
    },
    Hostile("with one name twice", "invalid header: tensor 'bn1.bias' occurs twice; each name must occur once") {
      file($0.replacing("\"bn1.running_mean\"", with: "\"bn1.bias\""), $1)
    },
    Hostile(
      "with JSON two hundred thousand levels deep", ": invalid header: tensor 'a' has an unknown or repeated field 'a'"
    ) {
      file(String(repeating: "{\"a\":", count: 200_000) + $0, $1)
    },
    Hostile("with 40 MB of JSON", ": invalid header: a key begins with the end of the header; a string is expected") {
      file("{" + String(repeating: " ", count: 40_000_000), $1)
    },
    Hostile(
      "with an impossible depth", ": ResNet depth 21 does not exist; depths are 6n+2: 8, 14, 20, 26, 32, 44, 56, 110"
    ) {
      file($0.replacing("resnet8", with: "resnet21"), $1)
    },
    Hostile(
      "that is no safetensors file", ": is a text file; a file of weights (safetensors, PyTorch or npz) is expected"
    ) { _, _ in
      Data("name: a recipe\nseeds: 3\n".utf8)
    },
  ]

  @Test("ends in one line that names the file, exit code 2, and no answer", arguments: files)
  func refused(_ hostile: Hostile) throws {
    try withTemporaryDirectory { folder in
      let samples = try ProbeSamples(folder)
      let good = try Data(contentsOf: samples.own)
      let length = good.withUnsafeBytes { Int(UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))) }
      let header = String(decoding: good[8..<8 + length], as: UTF8.self)
      let bad = folder.appendingPathComponent("bad.safetensors")
      try hostile.change(header, good[(8 + length)...]).write(to: bad)
      let summary = try CommandLineTool.run(["probe", "summary", bad.path])
      #expect(summary.failed(2, bad.path) && summary.errors.contains(hostile.line), "\(summary.summary)")
      let out = folder.appendingPathComponent("y.safetensors")
      let logits = try CommandLineTool.run(
        ["probe", "logits", bad.path, "--images", samples.images.path, "--out", out.path])
      #expect(logits.errors == summary.errors && logits.code == 2 && logits.output.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: out.path))
    }
  }
}
