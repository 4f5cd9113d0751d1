import Checkpoints
import Foundation
import TestSupport
import Testing

/// Tests/Golden/safetensors-reference.py wrote the file with the format's reference package, from the same values.
@Suite("Safetensors beside the reference package", .tags(.golden))
struct SafetensorsReferenceTests {
  private let name = "naïve \"name\"\\\t\n\u{8}\u{C}\u{1}/é"

  @Test("reads every type as the package wrote it")
  func values() throws {
    let file = try Golden.load("safetensors-reference")
    #expect(file.metadata == ["format": "pt"])
    #expect(file.tensors.count == 12)
    #expect(try file["conv1.weight"]?.floats() == (0..<24).map { Float($0) / 8 - 1 })
    #expect(file["conv1.weight"]?.shape == [2, 3, 2, 2])
    #expect(try file["a.double"]?.doubles() == [0.1, -1e300, .infinity])
    #expect(try file["a.double"]?.floats() == [0.1, -.infinity, .infinity])
    let halves = try #require(file["b.half"]).floats()
    #expect(halves == [1.5, 0, 0x1p-24, 65504, -.infinity])
    #expect(halves[1].sign == .minus)
    #expect(try file["c.bfloat"]?.floats() == [3.140625, -0x1.94p99])
    #expect(try file["steps"]?.integers() == [123_456_789_012])
    #expect(file["steps"]?.shape == [])
    #expect(file["empty"]?.shape == [2, 0])
    #expect(try file["empty"]?.floats() == [])
    #expect(try file["mask"]?.integers() == [1, 0, 1])
    #expect(try file["bytes"]?.integers() == [0, 127, 255])
    #expect(try file["signed"]?.integers() == [-128, 127])
    #expect(try file["shorts"]?.integers() == [-32768, 32767])
    #expect(try file["ints"]?.integers() == [-2_147_483_648, 2_147_483_647])
    #expect(try file[name]?.floats() == [7])
  }

  @Test("writes the package's bytes, in whatever order the tensors come")
  func bytes() throws {
    let url = Golden.folder.appendingPathComponent("safetensors-reference.safetensors")
    let file = try Safetensors.read(url)
    try withTemporaryDirectory { folder in
      let copy = folder.appendingPathComponent("copy.safetensors")
      for tensors in [file.tensors, file.tensors.reversed()] {
        try Safetensors(metadata: file.metadata, tensors: tensors).write(to: copy)
        #expect(try Data(contentsOf: copy) == Data(contentsOf: url))
      }
    }
  }

  @Test("gives the header alone with the place of each tensor")
  func header() throws {
    let url = Golden.folder.appendingPathComponent("safetensors-reference.safetensors")
    let header = try Safetensors.header(of: url)
    let whole = try Data(contentsOf: url)
    let file = try Safetensors.read(url)
    #expect(header.metadata == file.metadata)
    #expect(header.entries.map(\.name) == file.tensors.map(\.name))
    for entry in header.entries {
      #expect(file[entry.name]?.bytes == whole[entry.bytes])
      #expect(file[entry.name]?.type == entry.type)
      #expect(file[entry.name]?.shape == entry.shape)
    }
  }
}
