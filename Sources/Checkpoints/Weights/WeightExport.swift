import Foundation
import Support

/// Tensors written as a file of weights, in one of the formats that other programs read.
public enum WeightExport: String, Sendable, CaseIterable {
  case safetensors
  case npz
  case pth

  /// The format by a file's ending.
  ///
  /// - Throws: ``InputError`` that lists the endings.
  public init(path: String) throws {
    let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
    guard let format = WeightExport(rawValue: ending) else {
      throw InputError(
        path, ending.isEmpty ? "has no ending that names a format" : "is of the unknown format '\(ending)'",
        remedy: "one of \(Self.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")) is expected")
    }
    self = format
  }

  /// Writes tensors, each whole and in a row, one at a time; the file is complete or absent.
  ///
  /// - Parameters:
  ///   - tensors: with names that differ.
  ///   - metadata: free text entries, which safetensors alone has.
  ///   - url: the file.
  ///   - change: what is done to each tensor's values on the way.
  /// - Throws: ``InputError`` for a type that the format does not have, before anything is written, and for a damaged
  ///   tensor; else as ``AtomicFile``.
  public func write(
    _ tensors: [ArchivedTensor], metadata: [String: String] = [:], to url: URL,
    _ change: (StoredTensor) throws -> StoredTensor = { $0 }
  ) throws {
    switch self {
    case .safetensors:
      var metadata = metadata
      // Some loaders ask for it.
      if metadata["format"] == nil { metadata["format"] = "pt" }
      try Safetensors(metadata: metadata, tensors: tensors.map { try change($0.stored()) }).write(
        to: url, isSealed: metadata["kdscope.format"] != nil)
    case .npz:
      let stored = try tensors.map { try change($0.stored()) }
      do { try NumPyWriter.writeArchive(stored, to: url) } catch let error as InputError {
        throw InputError(url.path, error.description)
      }
    case .pth: try writeTorch(tensors.map { try change($0.stored()) }, url)
    }
  }

  /// The zip archive of PyTorch 1.6 and later, which opens under `torch.load(weights_only=True)`.
  private func writeTorch(_ tensors: [StoredTensor], _ url: URL) throws {
    if let foreign = tensors.first(where: { TorchType.written($0.type) == nil }) {
      throw InputError(
        "\(url.path): tensor \(inQuotes(foreign.name))", "PyTorch has no type \(foreign.type.rawValue)",
        remedy: "write safetensors")
    }
    let stem = url.deletingPathExtension().lastPathComponent
    let pickle = PickleWriter(tensors.map { ($0.name, $0.shape, $0.type) })
    try AtomicFile.write(to: url) { descriptor in
      var archive = ZipWriter { try AtomicFile.writeAll($0, to: descriptor, path: url.path) }
      try archive.add("\(stem)/data.pkl", Data(pickle.bytes))
      try archive.add("\(stem)/byteorder", Data("little".utf8))
      for (index, tensor) in tensors.enumerated() { try archive.add("\(stem)/data/\(index)", tensor.bytes) }
      try archive.add("\(stem)/version", Data("3\n".utf8))
      try archive.finish()
    }
  }
}
