import Analysis
import Checkpoints
import Foundation
import Support

/// Measured maps on disk, one file per checkpoint, reused as long as all that they depend on is the same.
///
/// Those of an analysis with other settings lie beside the run's own, told apart by the key.
struct MapStore {
  /// Where maps are written.
  let folder: URL
  /// Where else they may lie.
  var others: [URL] = []
  /// Whether what is written must leave the run's own maps alone.
  var holdsOtherSettings = false
  /// Is told of a file that is damaged, whose maps must be measured again.
  var tell: (String) -> Void = Notice.tell

  /// What a set of maps depends on, as one hash: weights, images, settings that decide the result.
  static func key(weights: URL, settings: some Encodable, layer: String, images: [Int], data: String, stream: UInt64)
    throws
    -> String
  {
    var hash = SHA256()
    let bytes = try FileBytes.mapped(weights.path, as: "a checkpoint", remedy: "train it first")
    bytes.withUnsafeBytes { hash.update($0) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    hash.update(try encoder.encode(settings))
    hash.update(Array("\(layer) \(images) \(data) \(stream)".utf8))
    return hash.hexDigest
  }

  private func fileName(_ name: String, _ key: String, isOwn: Bool) -> String {
    "\(name)\(isOwn ? "" : "-\(key.prefix(16))").safetensors"
  }

  /// The maps of an earlier run or analysis.
  ///
  /// - Parameters:
  ///   - name: of the file.
  ///   - key: of all that they depend on.
  ///   - probe: the images that were measured, with their cells.
  /// - Returns: one for each image; nil if there are none, they belong to something else, or they are damaged.
  func read(_ name: String, key: String, of probe: ProbeSet) -> [EntropyMap]? {
    for place in [folder] + others.filter({ $0 != folder }) {
      for isOwn in [true, false] {
        let file = place.appendingPathComponent(fileName(name, key, isOwn: isOwn))
        if let maps = read(file, key: key, of: probe) { return maps }
      }
    }
    return nil
  }

  private func read(_ file: URL, key: String, of probe: ProbeSet) -> [EntropyMap]? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let stored = try? Safetensors.read(file)
    guard stored == nil || stored?.metadata["kdscope.maps"] == key else { return nil }
    let (images, cells) = (probe.images.count, probe.images.foreground.first?.count ?? 0)
    guard let entropies = stored?["entropies"], entropies.shape == [images, cells],
      let numbers = stored?["solver"], numbers.shape == [images, 6], let values = try? entropies.floats(),
      let facts = try? numbers.doubles()
    else {
      tell("\(file.path): the stored maps are damaged; they must be measured again")
      return nil
    }
    return (0..<images).map { image in
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
    let numbers = maps.flatMap { map -> [Double] in
      [
        map.distortion, map.targetDistortion, map.isConverged ? 1 : 0, map.largestResidual ?? .nan,
        map.residualSpread ?? .nan, map.distortionError ?? .nan,
      ]
    }
    try Safetensors(
      metadata: ["kdscope.maps": key],
      tensors: [
        StoredTensor(name: "entropies", shape: [maps.count, cells], floats: maps.flatMap(\.entropies)),
        StoredTensor(name: "solver", shape: [maps.count, 6], doubles: numbers),
      ]
    ).write(
      to: folder.appendingPathComponent(fileName(name, key, isOwn: !holdsOtherSettings)), isSealed: true)
  }
}
