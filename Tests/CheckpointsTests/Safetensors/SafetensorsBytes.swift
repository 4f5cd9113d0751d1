import Checkpoints
import Foundation

/// A file from its parts, right or wrong.
func file(_ header: String, _ dataCount: Int = 0) -> Data { file(Array(header.utf8), dataCount) }

func file(_ header: [UInt8], _ dataCount: Int = 0) -> Data {
  claiming(UInt64(header.count), header + [UInt8](repeating: 0, count: dataCount))
}

/// A file whose first 8 bytes say `length`, whatever follows.
func claiming(_ length: UInt64, _ rest: [UInt8]) -> Data {
  withUnsafeBytes(of: length.littleEndian) { Data($0) } + Data(rest)
}

/// One tensor's entry.
func entry(_ name: String, _ type: String, _ shape: String, _ begin: String, _ end: String) -> String {
  "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
}

/// A file with metadata, a scalar, an empty tensor and three element types.
let smallFile: Safetensors = {
  Safetensors(
    metadata: ["format": "pt", "note": "two\nlines"],
    tensors: [
      StoredTensor(name: "steps", shape: [], integers: [7]),
      StoredTensor(name: "fc.weight", shape: [2, 2], floats: [1, -0.5, .infinity, 3e-38]),
      StoredTensor(name: "empty", shape: [3, 0], floats: []),
      StoredTensor(name: "loss", shape: [1], doubles: [0.1]),
    ])
}()
