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

  /// What identifies the images of a split, and how they are normalised.
  static func key(of set: ImageSet, _ normalization: Normalization) -> String {
    var hash = SHA256()
    hash.update(Array("\(set.height) \(set.width) \(set.channels) \(set.classes) \(normalization)".utf8))
    hash.update(set.pixels)
    set.labels.withUnsafeBytes { hash.update($0) }
    return hash.hexDigest
  }

  /// What identifies a file's weights.
  static func key(of file: URL) throws -> String {
    guard let bytes = try? Data(contentsOf: file, options: .mappedIfSafe) else {
      throw InputError(file.path, "there is no such checkpoint", remedy: "train it first")
    }
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.hexDigest
  }

  /// The stored logits, or those that `compute` gives, which are then stored.
  ///
  /// - Parameters:
  ///   - split: the split's name.
  ///   - key: of weights and images.
  ///   - compute: gives [images, classes].
  /// - Returns: [images, classes].
  /// - Throws: what computing throws, and what storing throws where it must be stored.
  func logits(_ split: String, key: String, _ compute: () throws -> Tensor) throws -> Tensor {
    let file = folder.appendingPathComponent("logits-\(split).safetensors")
    if let stored = try? Safetensors.read(file), stored.metadata["kdscope.logits"] == key,
      let logits = stored["logits"], logits.shape.count == 2, let values = try? logits.floats()
    {
      return Tensor(values, shape: Shape(logits.shape))
    }
    let logits = try compute()
    try store {
      try Safetensors(
        metadata: ["kdscope.logits": key],
        tensors: [StoredTensor(name: "logits", shape: logits.shape.dimensions, floats: logits.floats)]
      ).write(to: file)
    }
    return logits
  }

  /// A stored JSON document of this key, or what `compute` gives, which is then stored.
  func document<Value: Codable>(_ name: String, key: String, _ compute: () throws -> Value) throws -> Value {
    let file = folder.appendingPathComponent("\(name).json")
    if let data = FileManager.default.contents(atPath: file.path),
      let stored = try? JSONDecoder().decode(Keyed<Value>.self, from: data), stored.key == key
    {
      return stored.value
    }
    let value = try compute()
    try store {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      try AtomicFile.write(try encoder.encode(Keyed(key: key, value: value)), to: file)
    }
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

private struct Keyed<Value: Codable>: Codable {
  let key: String
  let value: Value
}
