import Checkpoints
import Datasets
import Foundation
import Support
import Tensors

/// Logits of finished networks on disk, one file per network and split, reused as long as weights and images are the
/// same: the key is their content.
struct AnswerStore {
  /// The folder of the network's training.
  let folder: URL
  /// Whether what cannot be stored is an error; a report must be writable from a run that is read-only.
  let mustStore: Bool
  /// Is told of a file that is damaged, which is then made anew.
  let tell: (String) -> Void

  /// What identifies the images of a split, and how they are normalised.
  static func key(of set: ImageSet, _ normalization: Normalization) -> String {
    var hash = SHA256()
    hash.update(Array("\(set.height) \(set.width) \(set.channels) \(set.classes) \(normalization)".utf8))
    set.forEachImage { hash.update(UnsafeRawBufferPointer($0)) }
    set.labels.withUnsafeBytes { hash.update($0) }
    return hash.hexDigest
  }

  /// What identifies a file's weights.
  static func key(of file: URL) throws -> String {
    let bytes = try FileBytes.mapped(file.path, as: "a checkpoint", remedy: "train it first")
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.hexDigest
  }

  /// The stored logits, or those that `compute` gives, which are then stored.
  ///
  /// - Parameters:
  ///   - split: the split's name.
  ///   - key: of weights and images.
  ///   - shape: [images, classes]; stored logits of another one are damaged.
  ///   - compute: gives logits of this shape.
  /// - Returns: the logits.
  /// - Throws: what computing throws, and what storing throws where it must be stored.
  func logits(_ split: String, key: String, _ shape: Shape, _ compute: () throws -> Tensor) throws -> Tensor {
    let file = folder.appendingPathComponent("logits-\(split).safetensors")
    if FileManager.default.fileExists(atPath: file.path) {
      let stored = try? Safetensors.read(file)
      if stored == nil || stored?.metadata["kdscope.logits"] == key {
        if let logits = stored?["logits"], logits.shape == shape.dimensions, let values = try? logits.floats() {
          return Tensor(values, shape: shape)
        }
        tell("\(file.path): the stored answers are damaged; the network is asked again")
      }
    }
    let logits = try compute()
    try store {
      try Safetensors(
        metadata: ["kdscope.logits": key],
        tensors: [StoredTensor(name: "logits", shape: logits.shape.dimensions, floats: logits.floats)]
      ).write(to: file, isSealed: true)
    }
    return logits
  }

  /// A stored JSON document of this key, or what `compute` gives, which is then stored.
  ///
  /// - Parameters:
  ///   - name: of the file, without its extension.
  ///   - key: of all that the value depends on.
  ///   - fits: whether a stored value can be one that `compute` gives; another one is damaged.
  ///   - compute: gives the value.
  /// - Returns: the value.
  /// - Throws: as ``logits(_:key:_:_:)``.
  func document<Value: Codable>(
    _ name: String, key: String, fits: (Value) -> Bool = { _ in true }, _ compute: () throws -> Value
  ) throws -> Value {
    let file = folder.appendingPathComponent("\(name).json")
    if let bytes = FileBytes.readIfGood(file.path, atMost: 32 << 20) {
      let stored = try? JSONDecoder.ofStoredValues.decode(Keyed<Value>.self, from: Data(bytes))
      if stored == nil || stored?.key == key {
        if let stored, try stored.isWhole, fits(stored.value) { return stored.value }
        tell("\(file.path): the stored result is damaged; it is computed again")
      }
    }
    let value = try compute()
    try store { try AtomicFile.write(try encoded(Keyed(key, value)), to: file) }
    return value
  }

  private func store(_ write: () throws -> Void) throws {
    if mustStore {
      try Folders.create(folder)
      try write()
    } else if (try? Folders.create(folder)) != nil {
      try? write()
    }
  }
}

extension RunContext {
  /// Where answers of a network are kept.
  func answerStore(_ folder: URL) -> AnswerStore {
    AnswerStore(folder: folder, mustStore: !storedMapsOnly && isRunWritable) { [progress] in progress.notice($0) }
  }
}

private struct Keyed<Value: Codable>: Codable {
  let key: String
  let value: Value
  /// Checksum of the value as it is written; nil in files from before there was one.
  let crc32: String?

  init(_ key: String, _ value: Value) throws {
    self.key = key
    self.value = value
    crc32 = try Self.checksum(of: value)
  }

  var isWhole: Bool { get throws { try crc32 == nil || crc32 == Self.checksum(of: value) } }

  private static func checksum(of value: Value) throws -> String {
    DataSeal.of(String(decoding: try encoded(value), as: UTF8.self))
  }
}

private func encoded(_ value: some Encodable) throws -> Data {
  try JSONEncoder.ofStoredValues.encode(value)
}
