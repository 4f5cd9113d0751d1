import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("Pickles") struct PickleTests {
  @Test("of Python give its batches and names", .tags(.golden), arguments: try Golden.cases("pickles"))
  func golden(_ golden: GoldenCase) throws {
    let pickle = try Pickle(Data(golden.stored("file").bytes), path: "x")
    guard golden.operation == "batch" else {
      let names = pickle.value["label_names"] ?? pickle.value["fine_label_names"]
      let words = try #require(names?.elements).compactMap(\.word)
      #expect(words.count == (pickle.value["label_names"] == nil ? 100 : 10))
      #expect(words[7] == (words.count == 10 ? "thing 7" : "fine_7"))
      return
    }
    guard case .array(let array)? = pickle.value["data"] else {
      Issue.record("no array: \(pickle.value["data"]?.kind ?? "nothing")")
      return
    }
    let data = try golden.stored("data")
    #expect(array.shape == data.shape && array.elementType == "u1" && !array.isFortranOrder)
    #expect(array.bytes == Data(data.bytes))
    let labels = try #require(pickle.value[golden.text("key")]?.elements)
    let numbers = labels.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    #expect(try numbers == golden.stored("labels").integers())
  }

  /// What Python says of the same bytes: `pickle.loads(bytes)`.
  @Test(
    "hold Python's numbers",
    arguments: [
      ("8AFF2E", nil), ("8A00 2E", 0), ("8A01FF 2E", -1), ("8A02FF00 2E", 255), ("8A0800000000000000802E", Int64.min),
      ("4AFFFFFFFF 2E", -1), ("4DFFFF2E", 65535), ("4BFF2E", 255), ("8B00000000 2E", 0), ("8B010000007F 2E", 127),
    ] as [(String, Int64?)])
  func numbers(_ digits: String, _ expected: Int64?) throws {
    let pickle = try? Pickle(bytes(digits), path: "x")
    let number: Int64? = if case .integer(let number)? = pickle?.value { number } else { nil }
    #expect(number == expected)
  }

  private static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
  private static func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
  /// Makes a file, if a shell ever gets to see it.
  private static let trap = "touch /tmp/kdscope-was-here"
  private static let call: [UInt8] = text(trap) + [0x85, 0x52, 0x2E]

  static let hostile: [BadFile] = [
    BadFile("os.system by GLOBAL", [0x80, 2] + global("os", "system") + call),
    BadFile("posix.system by GLOBAL", [0x80, 2] + global("posix", "system") + call),
    BadFile("os.system by STACK_GLOBAL", [0x80, 4] + text("os") + text("system") + [0x93] + call),
    BadFile("builtins.eval", [0x80, 4] + text("builtins") + text("eval") + [0x93] + call),
    BadFile("eval of Python 2", [0x80, 2] + global("__builtin__", "eval") + call),
    BadFile("getattr, which reaches all", [0x80, 2] + global("__builtin__", "getattr") + call),
    BadFile("a name with a dot that leaves the module", [0x80, 4] + text("numpy") + text("os.system") + [0x93] + call),
    BadFile("numpy.load", [0x80, 2] + global("numpy", "load") + call),
    BadFile("ndarray called", [0x80, 2] + global("numpy", "ndarray") + call),
    BadFile("a text called", [0x80, 2] + text("os.system") + call),
    BadFile("os.system by INST", Array("(S'\(trap)'\nios\nsystem\n.".utf8)),
    BadFile("os.system by INST without a text", Array("(ios\nsystem\n.".utf8)),
    BadFile("os.system by OBJ", [0x80, 2, 0x28] + global("os", "system") + text(trap) + [0x6F, 0x2E]),
    BadFile("OBJ with a known name", [0x80, 2, 0x28] + global("numpy", "ndarray") + [0x6F, 0x2E]),
    BadFile("NEWOBJ", [0x80, 2] + global("numpy", "ndarray") + [0x29, 0x81, 0x2E]),
    BadFile("NEWOBJ_EX", [0x80, 4] + global("numpy", "ndarray") + [0x29, 0x7D, 0x92, 0x2E]),
    BadFile("BUILD on a dictionary", [0x80, 2, 0x7D, 0x7D, 0x62, 0x2E]),
    BadFile("BUILD on a name", [0x80, 2] + global("numpy", "ndarray") + [0x7D, 0x62, 0x2E]),
    BadFile("EXT1", [0x80, 2, 0x82, 1, 0x2E]),
    BadFile("a persistent id", [0x80, 2] + text("x") + [0x51, 0x2E]),
    BadFile("protocol 0's integer", Array("I1\n.".utf8)),
    BadFile("protocol 99", [0x80, 99, 0x4E, 0x2E]),
    BadFile("memo index of 2^32 - 1 that is not there", [0x80, 2, 0x6A, 255, 255, 255, 255, 0x2E]),
    BadFile("memo index that is not there", [0x80, 2, 0x68, 0, 0x2E]),
    BadFile("LONG4 of negative length", [0x80, 2, 0x8B, 255, 255, 255, 255, 0x2E]),
    BadFile("LONG4 of 2^31 - 1 bytes", [0x80, 2, 0x8B, 255, 255, 255, 127, 0x2E]),
    BadFile("BINBYTES8 of 2^63 bytes", [0x80, 4, 0x8E, 0, 0, 0, 0, 0, 0, 0, 128, 0x2E]),
    BadFile("BINUNICODE8 of 2^64 - 1 bytes", [0x80, 4, 0x8D] + [UInt8](repeating: 255, count: 8) + [0x2E]),
    BadFile("BINSTRING of 2^32 - 1 bytes", [0x80, 2, 0x54, 255, 255, 255, 255, 0x2E]),
    BadFile("STOP alone", [0x80, 2, 0x2E]), BadFile("two values", [0x80, 2, 0x4E, 0x4E, 0x2E]),
    BadFile("a mark left", [0x80, 2, 0x28, 0x4E, 0x2E]), BadFile("TUPLE without a mark", [0x80, 2, 0x4E, 0x74, 0x2E]),
    BadFile("POP of nothing", [0x80, 2, 0x30, 0x2E]), BadFile("TUPLE3 of two", [0x80, 2, 0x4E, 0x4E, 0x87, 0x2E]),
    BadFile("APPEND to None", [0x80, 2, 0x4E, 0x4E, 0x61, 0x2E]),
    BadFile("APPENDS to a dictionary", [0x80, 2, 0x7D, 0x28, 0x4E, 0x65, 0x2E]),
    BadFile("SETITEMS with an odd one", [0x80, 2, 0x7D, 0x28, 0x4E, 0x75, 0x2E]),
    BadFile("an operation below its mark", [0x80, 2, 0x5D, 0x28, 0x61, 0x2E]),
    BadFile("bytes behind STOP", [0x80, 2, 0x4E, 0x2E, 0x4E]), BadFile("zeros", [UInt8](repeating: 0, count: 100)),
    BadFile("a line without end", [0x63] + [UInt8](repeating: 65, count: 100_000)),
    BadFile("tuples 200,000 deep", [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 200_000) + [0x2E]),
    BadFile("marks 200,000 deep", [0x80, 2] + [UInt8](repeating: 0x28, count: 200_000) + [0x2E]),
    BadFile("five million operations", [0x80, 2] + [UInt8](repeating: 0x5D, count: 5_000_000) + [0x2E]),
    BadFile(
      "one text turned to bytes a thousand times",
      [0x80, 2] + global("_codecs", "encode") + [0x71, 0, 0x58, 0x50, 0xC3, 0, 0]
        + [UInt8](repeating: 65, count: 50_000)
        + [0x71, 1] + text("latin1") + [0x71, 2, 0x28]
        + (0..<1000).flatMap { _ -> [UInt8] in [0x68, 0, 0x68, 1, 0x68, 2, 0x86, 0x52] } + [0x74, 0x2E]),
    BadFile(
      "an array of records",
      [0x80, 2] + global("numpy", "dtype") + text("V8") + [0x89, 0x88, 0x87, 0x52, 0x28, 0x4B, 3] + text("|") + [0x4E]
        + text("a") + [0x7D, 0x4B, 8, 0x4B, 1, 0x4B, 0, 0x74, 0x62, 0x2E]),
  ]

  @Test("that are hostile are refused in one line each, forty and more, and nothing is run")
  func refusals() throws {
    unlink("/tmp/kdscope-was-here")
    let refused = try BadFile.refusals(of: Self.hostile, mustFail: true) {
      _ = try Pickle(path: $0, atMost: 64 << 20, as: "a pickle")
    }
    #expect(refused >= 40)
    #expect(access("/tmp/kdscope-was-here", F_OK) != 0)
  }

  @Test("cut at each length are refused; with any byte inverted they are a value or a line", .tags(.golden))
  func damaged() throws {
    for name in ["python2-meta", "protocol-4-meta", "protocol-2-meta"] {
      let file = try #require(try Golden.load("pickles")["\(name)/file"])
      let good = [UInt8](file.bytes)
      let read: (String) throws -> Void = { _ = try Pickle(path: $0, atMost: 1 << 20, as: "a pickle") }
      let cuts = BadFile.cut(good, at: 1..<good.count)
      #expect(try BadFile.refusals(of: cuts, mustFail: true, read) == good.count - 1)
      _ = try BadFile.refusals(of: BadFile.flipped(good, good.indices), mustFail: false, read)
    }
  }

  @Test("that hold themselves, or lists 200,000 deep, are values that can be dropped")
  func nested() throws {
    let own = try Pickle(Data([0x80, 2, 0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E]), path: "x")
    #expect(own.value.elements?.count == 1)
    // A list is made, put into the memo, put into the one before by way of the stack's order.
    let depth = 200_000
    let deep = [0x80, 2] + [UInt8](repeating: 0x5D, count: depth) + [UInt8](repeating: 0x61, count: depth - 1) + [0x2E]
    // Read or refused: what matters is that neither overflows the stack.
    _ = try? Pickle(Data(deep), path: "x").value.elements?.count
  }

  private func bytes(_ digits: String) -> Data {
    let digits = Array(digits.filter { $0 != " " })
    return Data(
      stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) })
  }
}
