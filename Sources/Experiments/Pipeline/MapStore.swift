import Analysis
import Checkpoints
import Foundation
import Support

/// Measured maps on disk, one file per checkpoint, reused as long as all that they depend on is the same.
struct MapStore {
  let folder: URL

  /// What a set of maps depends on, as one hash: weights, images, settings that decide the result.
  static func key(weights: URL, settings: some Encodable, layer: String, images: [Int], data: String, stream: Int)
    throws
    -> String
  {
    var hash = SHA256()
    guard let bytes = try? Data(contentsOf: weights, options: .mappedIfSafe) else {
      throw InputError(weights.path, "there is no such checkpoint", remedy: "train it first")
    }
    bytes.withUnsafeBytes { hash.update($0) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    hash.update(try encoder.encode(settings))
    hash.update(Array("\(layer) \(images) \(data) \(stream)".utf8))
    return hash.hexDigest
  }

  private func file(_ name: String) -> URL { folder.appendingPathComponent("\(name).safetensors") }

  /// The maps of an earlier run; nil if there are none or they belong to something else.
  func read(_ name: String, key: String) throws -> [EntropyMap]? {
    guard FileManager.default.fileExists(atPath: file(name).path) else { return nil }
    let stored = try Safetensors.read(file(name))
    guard stored.metadata["kdscope.maps"] == key, let entropies = stored["entropies"], entropies.shape.count == 2,
      let numbers = stored["solver"], numbers.shape == [entropies.shape[0], 6]
    else { return nil }
    let (values, facts) = (try entropies.floats(), try numbers.floats().map(Double.init))
    let cells = entropies.shape[1]
    return (0..<entropies.shape[0]).map { image in
      let row = Array(facts[6 * image..<6 * image + 6])
      return EntropyMap(
        entropies: Array(values[image * cells..<(image + 1) * cells]), distortion: row[0],
        distortionError: row[5].isNaN ? nil : row[5], targetDistortion: row[1], isConverged: row[2] == 1,
        largestResidual: row[3].isNaN ? nil : row[3],
        residualSpread: row[4].isNaN ? nil : row[4])
    }
  }

  /// Stores maps: `entropies` [images, cells] in nats, `solver` [images, 6].
  func write(_ maps: [EntropyMap], as name: String, key: String) throws {
    try Folders.create(folder)
    let cells = maps.first?.entropies.count ?? 0
    let numbers = maps.flatMap { map -> [Float] in
      [
        Float(map.distortion), Float(map.targetDistortion), map.isConverged ? 1 : 0,
        map.largestResidual.map(Float.init) ?? .nan, map.residualSpread.map(Float.init) ?? .nan,
        map.distortionError.map(Float.init) ?? .nan,
      ]
    }
    try Safetensors(
      metadata: ["kdscope.maps": key],
      tensors: [
        StoredTensor(name: "entropies", shape: [maps.count, cells], floats: maps.flatMap(\.entropies)),
        StoredTensor(name: "solver", shape: [maps.count, 6], floats: numbers),
      ]
    ).write(to: file(name))
  }
}
