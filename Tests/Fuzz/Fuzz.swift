import Checkpoints
import Datasets
import Foundation
import Support

/// One reader of foreign files, as `KDSCOPE_FUZZ` names it.
private enum Reader: String {
  case pickle, zip, safetensors, npy, png

  /// Reads bytes as the file of that kind; what they hold is asked for, since values are read late.
  func read(_ data: Data) throws {
    let path = "input"
    switch self {
    case .pickle: _ = try Pickle(data, path: path)
    case .zip: try weights(data)
    case .safetensors: _ = try Safetensors(data, path: path).tensors.map { try $0.floats() }
    case .npy: _ = try NumPyArray.read(data, named: "array", path: path).floats()
    case .png: _ = try Picture([UInt8](data), path: path)
    }
  }

  /// Archives are read as files: PyTorch's zip and legacy files, npz and lists of shards alike.
  private func weights(_ data: Data) throws {
    let file = URL(fileURLWithPath: "/dev/shm/kdscope-fuzz-\(getpid())")
    try data.write(to: file)
    defer { unlink(file.path) }
    for tensor in try WeightArchive.read(file).tensors { _ = try tensor.stored() }
  }
}

private let reader =
  ProcessInfo.processInfo.environment["KDSCOPE_FUZZ"].flatMap(Reader.init)
  ?? { fatalError("KDSCOPE_FUZZ must be pickle, zip, safetensors, npy or png") }()

/// What libFuzzer calls. An error line is an answer; a trap, a hang or too much memory is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let data = start.map { Data(bytes: $0, count: count) } ?? Data()
  do { try reader.read(data) } catch is InputError {} catch is WorkError {} catch {
    fatalError("not an error of ours: \(error)")
  }
  return 0
}
