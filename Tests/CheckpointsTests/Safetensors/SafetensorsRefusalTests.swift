import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

/// A file that must be refused, and what the error must say.
struct HostileFile: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let bytes: Data
  let says: [String]

  init(_ name: String, _ bytes: Data, _ says: String...) {
    testDescription = name
    self.bytes = bytes
    self.says = says
  }
}

@Suite("Safetensors that are hostile")
struct SafetensorsRefusalTests {
  @Test("are refused with one line that says where and why", arguments: lengths + texts + entries + offsets + sizes)
  func refused(_ hostile: HostileFile) {
    let error = #expect(throws: InputError.self) { try Safetensors(hostile.bytes, path: "f.safetensors") }
    let line = error?.description ?? ""
    #expect(line.hasPrefix("f.safetensors: "))
    #expect(line.contains("; "), "no remedy: \(line)")
    #expect(!line.contains("\n") && line.count < 500)
    for part in hostile.says { #expect(line.contains(part), "\(line)") }
  }

  @Test("are at least sixty")
  func count() { #expect((lengths + texts + entries + offsets + sizes).count >= 60) }

  @Test("on disk: missing, a folder, a device, not readable")
  func places() throws {
    try withTemporaryDirectory { folder in
      let missing = folder.appendingPathComponent("none.safetensors")
      #expect(throws: InputError(missing.path, "no such file", remedy: "check the path")) {
        try Safetensors.read(missing)
      }
      #expect(throws: InputError(folder.path, "is a folder", remedy: "a safetensors file is expected")) {
        try Safetensors.read(folder)
      }
      let zero = URL(fileURLWithPath: "/dev/zero")
      #expect(throws: InputError("/dev/zero", "is not a regular file", remedy: "a safetensors file is expected")) {
        try Safetensors.read(zero)
      }
      let below = missing.appendingPathComponent("x")
      #expect(throws: InputError.self) { try Safetensors.header(of: below) }
    }
  }
}

private let lengths = [
  HostileFile("empty", Data(), "is empty"),
  HostileFile("7 bytes", Data(repeating: 0, count: 7), "7 bytes, too few"),
  HostileFile("header of 60 bytes, none there", claiming(60, []), "byte 0", "60 bytes", "only 8 bytes", "incomplete"),
  HostileFile("header of 2⁶⁴ − 196 bytes", claiming(0xFFFF_FFFF_FFFF_FF3C, []), "is a text file"),
  HostileFile("header of 0xFF0000000000003C bytes", claiming(0xFF00_0000_0000_003C, []), "above the limit"),
  HostileFile("header of 2⁶³ bytes", claiming(1 << 63, [0x7B]), "above the limit"),
  HostileFile("header one above the limit", claiming(100_000_001, [0x7B]), "above the limit"),
  HostileFile("header at the limit, not there", claiming(100_000_000, [0x7B]), "incomplete"),
  HostileFile("header one byte longer than the file", claiming(3, [0x7B, 0x7D]), "incomplete"),
  HostileFile("no header", claiming(0, []), "byte 8", "the end of the header", "'{' is expected"),
  HostileFile("header inside the data", claiming(1, Array("{}".utf8)), "byte 9", "the end of the header"),
  HostileFile("a zip archive", Data([0x50, 0x4B, 3, 4] + [UInt8](repeating: 8, count: 60)), "is a zip archive"),
]

private let texts = [
  HostileFile("byte FF", file([0xFF]), "byte 8", "not UTF-8"),
  HostileFile("FF after good text", file(Array("{\"é".utf8) + [0xFF]), "byte 12", "not UTF-8"),
  HostileFile("overlong UTF-8", file(Array("{\"".utf8) + [0xC0, 0x80]), "byte 10", "not UTF-8"),
  HostileFile("surrogate in UTF-8", file(Array("{\"".utf8) + [0xED, 0xA0, 0x80]), "byte 10", "not UTF-8"),
  HostileFile("cut UTF-8", file(Array("{\"a".utf8) + [0xE2, 0x82]), "byte 11", "not UTF-8"),
  HostileFile("byte order mark", file("\u{FEFF}{}"), "byte 8", "'{' is expected"),
  HostileFile("only a brace", file("{"), "byte 9", "a key begins with the end of the header"),
  HostileFile("an array", file("[]"), "byte 8: invalid header: '[' comes next; '{' is expected"),
  HostileFile("a number", file("17"), "'1' comes next"),
  HostileFile("null", file("null"), "'n' comes next"),
  HostileFile("two objects", file("{}{}"), "byte 10", "'{' behind the JSON object"),
  HostileFile("NUL as padding", file(Array("{}".utf8) + [0]), "byte 10", "byte 0x0 behind"),
  HostileFile("form feed as padding", file("{}\u{C}"), "byte 10", "byte 0xc behind"),
  HostileFile("comma at the end", file("{\(entry("x", "U8", "[1]", "0", "1")),}", 1), "a key begins with '}'"),
  HostileFile("no comma", file("{\"__metadata__\":{} \"x\":{}}"), "'\"' comes next; '}' is expected"),
  HostileFile("no colon", file("{\"x\" {}}"), "'{' comes next; ':' is expected"),
  HostileFile("key without quotes", file("{x:{}}"), "a key begins with 'x'"),
  HostileFile("quotes that do not end", file("{\"x"), "byte 9", "a key does not end"),
  HostileFile("control character in a name", file("{\"a\u{1}\":{}}"), "byte 11", "a control character"),
  HostileFile("newline in a name", file("{\"a\n\":{}}"), "byte 11", "a control character"),
  HostileFile("unknown escape", file("{\"a\\x\":{}}"), "byte 11", "an unknown escape"),
  HostileFile("escape at the end", file("{\"\\"), "byte 10", "an unknown escape"),
  HostileFile("escape with a sign", file("{\"\\u+0FF\":{}}"), "byte 10", "a broken escape"),
  HostileFile("escape cut short", file("{\"\\u12"), "a broken escape"),
  HostileFile("first half of a pair alone", file("{\"\\ud83d\":{}}"), "half of a surrogate pair"),
  HostileFile("two first halves", file("{\"\\ud83d\\ud83d\":{}}"), "half of a surrogate pair"),
  HostileFile("second half of a pair alone", file("{\"\\ude00\":{}}"), "half of a surrogate pair"),
  HostileFile("a comment", file("{/**/}"), "a key begins with '/'"),
  HostileFile("a million brackets", file([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)), "'[' comes next"),
  HostileFile(
    "a million objects deep", file(String(repeating: "{\"a\":", count: 1_000_000)), "has an unknown or repeated"),
  HostileFile("a shape a million deep", file("{\"x\":{\"shape\":" + String(repeating: "[", count: 1_000_000)), "whole"),
  HostileFile("a name of a megabyte", file("{\"" + String(repeating: "n", count: 1 << 20) + "\":7}"), "'7' comes next"),
]

private let entries = [
  HostileFile(
    "a name twice", file("{\(entry("x", "U8", "[1]", "0", "1")),\(entry("x", "U8", "[1]", "1", "2"))}", 2),
    "byte 61", "tensor 'x' occurs twice"),
  HostileFile(
    "a name twice, once by an escape",
    file("{\(entry("x", "U8", "[1]", "0", "1")),\(entry("\\u0078", "U8", "[1]", "1", "2"))}", 2), "'x' occurs twice"),
  HostileFile("metadata twice", file(#"{"__metadata__":{},"__metadata__":{}}"#), "'__metadata__' occurs twice"),
  HostileFile("metadata key twice", file(#"{"__metadata__":{"a":"1","a":"2"}}"#), "metadata key 'a' occurs twice"),
  HostileFile("metadata value a number", file(#"{"__metadata__":{"a":1}}"#), "metadata value of 'a' begins with '1'"),
  HostileFile("metadata value null", file(#"{"__metadata__":{"a":null}}"#), "begins with 'n'"),
  HostileFile("metadata value an object", file(#"{"__metadata__":{"a":{}}}"#), "begins with '{'"),
  HostileFile("metadata an array", file(#"{"__metadata__":[]}"#), "'{' is expected"),
  HostileFile("tensor null", file(#"{"x":null}"#), "'{' is expected"),
  HostileFile("tensor empty", file(#"{"x":{}}"#), "tensor 'x' has no dtype"),
  HostileFile("no shape", file(#"{"x":{"dtype":"U8","data_offsets":[0,1]}}"#, 1), "tensor 'x' has no shape"),
  HostileFile("no offsets", file(#"{"x":{"dtype":"U8","shape":[1]}}"#, 1), "tensor 'x' has no data_offsets"),
  HostileFile("field twice", file(#"{"x":{"dtype":"U8","dtype":"U8"}}"#), "unknown or repeated field 'dtype'"),
  HostileFile("unknown field", file(#"{"x":{"stride":[1]}}"#), "unknown or repeated field 'stride'"),
  HostileFile("unknown dtype", file("{\(entry("x", "F128", "[1]", "0", "16"))}", 16), "unknown dtype 'F128'", "BF16"),
  HostileFile("lower case dtype", file("{\(entry("x", "f32", "[1]", "0", "4"))}", 4), "unknown dtype 'f32'"),
  HostileFile("dtype a number", file(#"{"x":{"dtype":32}}"#), "the dtype of tensor 'x' begins with '3'"),
  HostileFile("one offset", file(#"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0]}}"#, 1), "has 1 data_offsets"),
  HostileFile("three offsets", file(#"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}"#, 1), "3 data_offsets"),
  HostileFile(
    "negative extent", file("{\(entry("x", "U8", "[-1]", "0", "1"))}", 1), "the shape of tensor 'x'", "whole"),
  HostileFile("extent 1.0", file("{\(entry("x", "U8", "[1.0]", "0", "1"))}", 1), "something else than whole numbers"),
  HostileFile("extent 1e0", file("{\(entry("x", "U8", "[1e0]", "0", "1"))}", 1), "something else than whole numbers"),
  HostileFile("extent 01", file("{\(entry("x", "U8", "[01]", "0", "1"))}", 1), "something else than whole numbers"),
  HostileFile("extent as a string", file("{\(entry("x", "U8", "[\"1\"]", "0", "1"))}", 1), "whole numbers"),
  HostileFile("extent 2⁶⁴", file("{\(entry("x", "U8", "[18446744073709551616]", "0", "1"))}", 1), "2⁶⁴ or more"),
  HostileFile("comma in a shape", file("{\(entry("x", "U8", "[1,]", "0", "1"))}", 1), "whole numbers"),
  HostileFile("a shape that does not end", file(#"{"x":{"shape":[1"#), "the end of the header comes next"),
  HostileFile("line break in a name", file(#"{"a\nb":{"dtype":1}}"#), "tensor 'a\\x0ab'"),
]

private let offsets = [
  HostileFile(
    "first tensor at 4", file("{\(entry("x", "U8", "[4]", "4", "8"))}", 8), "tensor 'x'", "hole", "begin at 0"),
  HostileFile(
    "hole", file("{\(entry("a", "U8", "[2]", "0", "2")),\(entry("b", "U8", "[1]", "3", "4"))}", 4),
    "tensor 'b'", "[3, 4] leave a hole", "begin at 2"),
  HostileFile(
    "overlap", file("{\(entry("a", "U8", "[2]", "0", "2")),\(entry("b", "U8", "[3]", "1", "4"))}", 4),
    "tensor 'b'", "[1, 4] overlap", "begin at 2"),
  HostileFile(
    "one range for ten thousand names",
    file("{\((0..<10_000).map { entry("t\($0)", "U8", "[4]", "0", "4") }.joined(separator: ","))}", 4), "overlap"),
  HostileFile(
    "end before begin", file("{\(entry("a", "U8", "[0]", "0", "0")),\(entry("b", "U8", "[1]", "1", "0"))}", 1),
    "tensor 'b'"),
  HostileFile("begin and end exchanged", file("{\(entry("x", "U8", "[4]", "4", "0"))}", 4), "tensor 'x'"),
  HostileFile("offsets at 2⁶⁴ − 1", file("{\(entry("x", "U8", "[1]", "0", "18446744073709551615"))}", 1), "span"),
  HostileFile("beyond the file", file("{\(entry("x", "U8", "[8]", "0", "8"))}", 4), "incomplete"),
  HostileFile(
    "2⁵⁹ bytes beyond the file",
    file("{\(entry("x", "U8", "[576460752303423488]", "0", "576460752303423488"))}", 4), "incomplete"),
  HostileFile(
    "one byte missing", file("{\(entry("x", "I32", "[1]", "0", "4"))}", 3), "its header describes", "incomplete"),
  HostileFile("one byte too many", file("{\(entry("x", "I32", "[1]", "0", "4"))}", 5), "1 more than its header"),
  HostileFile("data without tensors", file("{}", 1), "1 more than its header"),
]

private let sizes = [
  HostileFile("[2,2] of I32 in 4 bytes", file("{\(entry("x", "I32", "[2,2]", "0", "4"))}", 4), "span 4", "takes 16"),
  HostileFile("scalar without bytes", file("{\(entry("x", "F32", "[]", "0", "0"))}", 0), "span 0", "takes 4"),
  HostileFile("empty tensor with bytes", file("{\(entry("x", "F32", "[0]", "0", "4"))}", 4), "span 4", "takes 0"),
  HostileFile("[2, 2⁶⁴ − 2]", file("{\(entry("x", "U8", "[2,18446744073709551614]", "0", "1"))}", 1), "overflows"),
  HostileFile(
    "[2, 2⁶³ − 1] of F32", file("{\(entry("x", "F32", "[2,9223372036854775807]", "0", "1"))}", 1), "overflows"),
  HostileFile("[2³², 2³²]", file("{\(entry("x", "U8", "[4294967296,4294967296]", "0", "0"))}", 0), "overflows"),
  HostileFile("bits of 2⁶¹ F32", file("{\(entry("x", "F32", "[2305843009213693952]", "0", "0"))}", 0), "overflows"),
  HostileFile(
    "overflow before a zero", file("{\(entry("x", "U8", "[4294967296,4294967296,0]", "0", "0"))}", 0),
    "overflows"),
  HostileFile(
    "extent 2⁶³ beside a zero", file("{\(entry("x", "U8", "[0,9223372036854775808]", "0", "0"))}", 0),
    "overflows"),
  HostileFile("three F4", file("{\(entry("x", "F4", "[3]", "0", "2"))}", 2), "F4 [3] has 12 bits, misaligned"),
  HostileFile(
    "a shape of a million ones",
    file("{\(entry("x", "U8", "[1" + String(repeating: ",1", count: 999_999) + "]", "0", "2"))}", 2),
    "more than 64 numbers"),
]
