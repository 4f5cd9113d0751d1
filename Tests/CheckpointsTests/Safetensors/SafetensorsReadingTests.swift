import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("Safetensors reading and writing")
struct SafetensorsReadingTests {
  @Test(
    "takes what the format allows",
    arguments: [
      ("{}", 0, 0), ("\t\n\r {}\t\n\r ", 0, 0), (#"{"__metadata__":{}}"#, 0, 0),
      (#"{"__metadata__":{"a":"b\/\u00e9\ud83d\ude00"}}"#, 0, 0),
      ("{\(entry("x", "I32", "[]", "0", "4"))}", 4, 1),
      ("{\(entry("x", "F32", "[2,0]", "0", "0"))}", 0, 1),
      ("{\(entry("x", "F32", "[4611686018427387904,0]", "0", "0"))}", 0, 1),
      ("{\(entry("x", "F4", "[2,3]", "0", "3"))}", 3, 1),
      ("{\(entry("x", "F6_E2M3", "[4]", "0", "3"))}", 3, 1),
      ("{\(entry("b", "U8", "[3]", "1", "4")),\(entry("a", "U8", "[1]", "0", "1"))}", 4, 2),
      ("{ \"x\" : { \"data_offsets\" : [ 0 , 2 ] , \"shape\" : [ 1 ] , \"dtype\" : \"F16\" } }", 2, 1),
      ("{\(entry("", "U8", "[1]", "0", "1"))}", 1, 1),
    ])
  func legal(_ header: String, _ dataCount: Int, _ tensors: Int) throws {
    #expect(try Safetensors(file(header, dataCount), path: "x").tensors.count == tensors)
  }

  @Test("resolves the escapes of strings")
  func escapes() throws {
    let header = #"{"__metadata__":{"\"\\\/\b\f\n\r\t":"\u00e9\u20AC\ud83d\ude00\u0000"}}"#
    #expect(try Safetensors(file(header), path: "x").metadata == ["\"\\/\u{8}\u{C}\n\r\t": "é€😀\0"])
  }

  @Test("gives back what was written, with a header padded to 8 bytes")
  func roundTrip() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("small.safetensors")
      try smallFile.write(to: url)
      let read = try Safetensors.read(url)
      #expect(read.metadata == smallFile.metadata)
      #expect(read.tensors.map(\.name) == ["steps", "loss", "empty", "fc.weight"])
      for tensor in smallFile.tensors { #expect(read[tensor.name] == tensor) }
      #expect(try Safetensors.header(of: url).entries.allSatisfy { $0.bytes.lowerBound % 8 == 0 })
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["small.safetensors"])
    }
  }

  @Test("keeps metadata where there are no tensors")
  func metadataAlone() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("m.safetensors")
      try Safetensors(metadata: ["k": "v"], tensors: []).write(to: url)
      #expect(try Safetensors.read(url) == Safetensors(metadata: ["k": "v"], tensors: []))
    }
  }

  @Test("reads unaligned data of a slice")
  func unaligned() throws {
    let header = "{\(entry("x", "I64", "[1]", "0", "8"))} "
    let bytes = Data([9, 9, 9]) + file(header, 0) + Data([2, 1, 0, 0, 0, 0, 0, 0])
    #expect(try Safetensors(bytes[3...], path: "x")["x"]?.integers() == [258])
  }

  @Test("refuses to take one kind of number for another")
  func kinds() throws {
    #expect(throws: InputError("tensor 'steps'", "its type is I64", remedy: "F32, F64, F16 or BF16 is needed")) {
      try smallFile["steps"]?.floats()
    }
    #expect(throws: InputError("tensor 'fc.weight'", "its type is F32", remedy: "an integer type is needed")) {
      try smallFile["fc.weight"]?.integers()
    }
    let large = StoredTensor(name: "u", type: .u64, shape: [1], bytes: Data([0, 0, 0, 0, 0, 0, 0, 0x80]))
    #expect(throws: InputError.self) { try large.integers() }
    let fitting = StoredTensor(name: "u", type: .u64, shape: [1], bytes: Data([1, 0, 0, 0, 0, 0, 0, 0x40]))
    #expect(try fitting.integers() == [0x4000_0000_0000_0001])
  }

  @Test("reads 20,000 tensors in a moment")
  func many() throws {
    let tensors = (0..<20_000).map { StoredTensor(name: "layer.\($0).weight", shape: [1], floats: [Float($0)]) }
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("many.safetensors")
      try Safetensors(tensors: tensors).write(to: url)
      let clock = ContinuousClock()
      let start = clock.now
      let file = try Safetensors.read(url)
      // 0.04 s on an idle machine; quadratic work would take minutes.
      #expect(clock.now - start < .seconds(2))
      #expect(try file["layer.19999.weight"]?.floats() == [19_999])
    }
  }
}
