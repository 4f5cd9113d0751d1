import Foundation
import Support

/// Weights in several safetensors files, and an index that says which tensor lies in which.
enum ShardedSafetensors {
  private struct Index: Decodable {
    let weights: [String: String]

    enum CodingKeys: String, CodingKey { case weights = "weight_map" }
  }

  private static let longest = 64 << 20
  private static let mostShards = 10_000

  /// Whether a text is an index, as far as its words tell.
  static func isIndex(_ data: Data) -> Bool {
    data.count <= longest && data.range(of: Data("\"weight_map\"".utf8)) != nil
  }

  /// Reads the headers of all shards; each tensor must lie where the index says, and no other may.
  static func read(_ data: Data, _ url: URL) throws -> WeightArchive {
    let path = url.path
    guard let index = try? JSONDecoder().decode(Index.self, from: data) else {
      throw InputError(
        path, "is no index of safetensors files", remedy: #"{"weight_map": {"TENSOR": "FILE", …}} is expected"#)
    }
    let files = Set(index.weights.values).sorted()
    guard !files.isEmpty, files.count <= mostShards else {
      throw InputError(path, "names \(files.count) files", remedy: "1 to \(mostShards) are read")
    }
    let folder = url.deletingLastPathComponent()
    var tensors: [ArchivedTensor] = []
    for file in files {
      guard !file.isEmpty, !file.contains("/"), !file.contains("\0"), file != ".", file != ".." else {
        throw InputError(
          path, "names the file \(inQuotes(file))", remedy: "shards lie beside their index: a name without folders")
      }
      let shard = folder.appendingPathComponent(file)
      let bytes = try FileBytes.mapped(
        shard.path, as: "a safetensors file", remedy: "\(url.lastPathComponent) names it: fetch it into the same folder"
      )
      for entry in try SafetensorsHeader(bytes, orForeign: shard.path).entries {
        guard index.weights[entry.name] == file else {
          let place = index.weights[entry.name].map { "which the index looks for in \(inQuotes($0))" }
          throw InputError(
            shard.path, "holds tensor \(inQuotes(entry.name)), \(place ?? "of which the index says nothing")",
            remedy: "index and shards belong to different files: fetch them together")
        }
        let range = bytes.startIndex + entry.bytes.lowerBound..<bytes.startIndex + entry.bytes.upperBound
        tensors.append(
          ArchivedTensor(name: entry.name, type: entry.type, shape: entry.shape, block: entry.name) { bytes[range] })
      }
    }
    let found = Set(tensors.map(\.name))
    if let missing = index.weights.keys.filter({ !found.contains($0) }).min() {
      throw InputError(
        path, "tensor \(inQuotes(missing)) is not in \(inQuotes(index.weights[missing] ?? ""))",
        remedy: "index and shards belong to different files: fetch them together")
    }
    return WeightArchive(path: path, format: .shardedSafetensors, tensors: tensors)
  }
}
