import Checkpoints
import Foundation
import Support

/// Where named arrays lie: a safetensors file, an .npz archive, or a folder of .npy files.
package enum ArrayFile {
  case safetensors(Safetensors, path: String)
  case archive(NumPyArchive)
  case folder(String)

  /// - Throws: ``InputError`` for a file of another kind, and for one that is damaged.
  package init(_ path: String) throws {
    let url = URL(fileURLWithPath: path)
    switch url.pathExtension.lowercased() {
    case _ where Folders.isFolder(path): self = .folder(path)
    case "safetensors": self = .safetensors(try Safetensors.read(url), path: path)
    case "npz": self = .archive(try NumPyArchive(url))
    default:
      throw InputError(
        path, "is no file of arrays", remedy: "give a .safetensors or .npz file, or a folder of .npy files")
    }
  }

  /// An array that may be absent.
  ///
  /// - Throws: ``InputError`` if it is damaged.
  package func arrayIfThere(_ name: String) throws -> StoredTensor? {
    switch self {
    case .safetensors(let file, _): return file[name]
    case .archive(let archive): return archive.names.contains(name) ? try archive.array(name) : nil
    case .folder(let path):
      let file = "\(path)/\(name).npy"
      return FileManager.default.fileExists(atPath: file) ? try NumPyArray.read(URL(fileURLWithPath: file)) : nil
    }
  }

  /// An array that must be there.
  ///
  /// - Throws: ``InputError`` that names those that are there.
  package func array(_ name: String, of path: String) throws -> StoredTensor {
    if let array = try arrayIfThere(name) { return array }
    let known: [String] =
      switch self {
      case .safetensors(let file, _): file.tensors.map(\.name)
      case .archive(let archive): archive.names
      case .folder(let folder):
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".npy") }
          .map { String($0.dropLast(4)) }
      }
    throw InputError(path, "has no array '\(name)'", remedy: nearest(name, in: Array(known.prefix(20))))
  }
}
