import Checkpoints
import Foundation
import Support

/// What lies in a folder, to be compared with another folder.
public enum Fingerprints {
  /// SHA-256 of every tensor of every safetensors file, under `path/below/folder.safetensors: tensor`.
  ///
  /// - Throws: ``InputError`` for a file that is not whole.
  public static func tensors(below folder: URL) throws -> [String: String] {
    var found: [String: String] = [:]
    for path in files(below: folder) where path.hasSuffix(".safetensors") {
      for tensor in try Safetensors.read(folder.appendingPathComponent(path)).tensors {
        found["\(path): \(tensor.name)"] = SHA256.hexDigest(of: Array(tensor.bytes))
      }
    }
    return found
  }

  /// Paths of all files below a folder, hidden ones too, sorted.
  public static func files(below folder: URL) -> [String] {
    let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return all.filter { path in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path, isDirectory: &isFolder)
      return !isFolder.boolValue
    }.sorted()
  }
}
