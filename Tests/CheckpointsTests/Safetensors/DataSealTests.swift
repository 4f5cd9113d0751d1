import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("The checksum of a file's data")
struct DataSealTests {
  @Test("is the CRC-32 of the data section")
  func value() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("s.safetensors")
      // The data section is then "123456789", whose checksum every list of checks gives.
      let tensor = StoredTensor(name: "x", type: .u8, shape: [9], bytes: Data("123456789".utf8))
      try Safetensors(metadata: ["k": "v"], tensors: [tensor]).write(to: url, isSealed: true)
      #expect(try Safetensors.header(of: url).metadata == ["k": "v", "kdscope.crc32": "cbf43926"])
      #expect(try Safetensors.read(url) == Safetensors(metadata: ["k": "v"], tensors: [tensor]))
    }
  }

  @Test("finds any bit of the data that has turned", arguments: [0, 5, 71])
  func turned(_ bit: Int) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("s.safetensors")
      let tensors = [
        StoredTensor(name: "a", shape: [1], floats: [1]),
        StoredTensor(name: "b", type: .u8, shape: [5], bytes: Data([1, 2, 3, 4, 5])),
      ]
      try Safetensors(tensors: tensors).write(to: url, isSealed: true)
      var bytes = try Data(contentsOf: url)
      bytes[bytes.count - 9 + bit / 8] ^= 1 << UInt8(bit % 8)
      try bytes.write(to: url)
      let error = #expect(throws: InputError.self) { try Safetensors.read(url) }
      #expect(error?.description.hasPrefix("\(url.path): the file is damaged: its data are not those that ") == true)
      // Without the entry, as in files from elsewhere, there is nothing to hold the data against.
      try Safetensors(tensors: tensors).write(to: url)
      #expect(try Safetensors.header(of: url).metadata.isEmpty && Safetensors.read(url).tensors.count == 2)
    }
  }
}
