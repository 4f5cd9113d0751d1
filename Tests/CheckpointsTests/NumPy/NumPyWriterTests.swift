import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("NumPy files")
struct NumPyWriterTests {
  private static func tensor(_ name: String, _ type: StoredType, _ shape: [Int], _ bytes: [UInt8]) -> StoredTensor {
    StoredTensor(name: name, type: type, shape: shape, bytes: Data(bytes))
  }

  /// The arrays of `Tests/Golden/numpy-written.py`, in its order.
  private static let arrays = [
    StoredTensor(name: "logits", shape: [3, 10], floats: (0..<30).map { Float($0) / 8 - 1 }),
    StoredTensor(name: "double", shape: [3], doubles: [0.1, -1e300, .infinity]),
    tensor("half", .f16, [4], [0x00, 0x3E, 0x00, 0x80, 0x01, 0x00, 0xFF, 0x7B]),
    StoredTensor(name: "scalar", shape: [], integers: [-7]),
    StoredTensor(name: "empty", shape: [2, 0, 5], floats: []),
    tensor("mask", .bool, [2, 1], [1, 0]),
    tensor("bytes", .u8, [3], [0, 127, 255]),
    tensor("shorts", .i16, [2], [0x00, 0x80, 0xFF, 0x7F]),
    tensor("layer1/é.weight", .i32, [2, 3, 2, 2], (0..<24).flatMap { Int32($0).littleEndianBytes }),
    tensor("eight.dimensions", .i8, [1, 1, 1, 1, 1, 1, 1, 3], [1, 1, 1]),
  ]

  @Test("are byte for byte those that numpy writes", .tags(.golden))
  func archive() throws {
    try withTemporaryDirectory { folder in
      let golden = try Data(contentsOf: Golden.folder.appendingPathComponent("numpy-written.npz"))
      let url = folder.appendingPathComponent("arrays.npz")
      try NumPyWriter.writeArchive(Self.arrays, to: url)
      #expect(try Data(contentsOf: url) == golden)
      for array in Self.arrays {
        // Entries are stored: each lies in the archive as it would on disk.
        #expect(try golden.range(of: NumPyWriter.npy(array)) != nil, "\(array.name)")
      }
    }
  }

  @Test("have their data at a multiple of 64 bytes, whatever the shape", arguments: 0..<12)
  func alignment(_ rank: Int) throws {
    let tensor = StoredTensor(name: "t", shape: Array(repeating: 1, count: rank), floats: [1.5])
    let file = [UInt8](try NumPyWriter.npy(tensor))
    #expect(file.count % 64 == 4 && file.suffix(4) == [0, 0, 0xC0, 0x3F])
    #expect(Array(file[..<8]) == [0x93] + Array("NUMPY".utf8) + [1, 0])
    #expect(Int(file[8]) + 256 * Int(file[9]) + 10 == file.count - 4 && file[file.count - 5] == 0x0A)
  }

  @Test("of one array are whole, and a type that numpy lacks is the user's error before a file is begun")
  func refusal() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("x.npy")
      try NumPyWriter.write(Self.arrays[0], to: url)
      #expect(try Data(contentsOf: url) == NumPyWriter.npy(Self.arrays[0]))
      let odd = Self.tensor("w", .bf16, [1], [0, 0])
      let error = #expect(throws: InputError.self) {
        try NumPyWriter.writeArchive([Self.arrays[0], odd], to: folder.appendingPathComponent("y.npz"))
      }
      #expect(
        error?.description
          == "tensor 'w': NumPy has no type BF16; write safetensors or .pth, or convert it to F32 (--dtype f32)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.npy"])
    }
  }
}
