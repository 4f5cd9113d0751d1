import Foundation
import Support

/// The zip archive that `torch.save` writes since PyTorch 1.6, and `torch.jit.save`.
struct TorchZip: TorchFile {
  let content: TorchContent
  /// Whether it is a TorchScript archive: its code is not looked at.
  let isScript: Bool

  /// - Throws: ``InputError`` for a pickle that is refused, and for storages that are missing or of another size than
  ///   the pickle says.
  init(_ archive: ZipArchive, path: String) throws {
    let entries = Dictionary(archive.entries.map { ($0.name, $0) }) { first, _ in first }
    let pickles = archive.entries.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
    guard let pickle = pickles.min(by: { $0.name.utf8.count < $1.name.utf8.count }) else {
      throw InputError(path, "holds no data.pkl", remedy: "a file that torch.save wrote is expected")
    }
    let stem = String(pickle.name.dropLast("data.pkl".count))
    isScript = entries[stem + "constants.pkl"] != nil || entries.keys.contains { $0.hasPrefix(stem + "code/") }
    var isBigEndian = false
    if let order = entries[stem + "byteorder"] {
      switch String(decoding: try archive.contents(of: order).prefix(16), as: UTF8.self) {
      case "little": break
      case "big": isBigEndian = true
      default:
        throw InputError("\(path): entry \(inQuotes(order.name))", "is neither little nor big", remedy: Self.repair)
      }
    }
    let place = "\(path): entry \(inQuotes(pickle.name))"
    var machine = PickleMachine(try archive.contents(of: pickle), path: place, .weights)
    let root = try machine.run()
    guard machine.isAtEnd else { throw InputError(place, "goes on behind its pickle", remedy: Self.repair) }
    for storage in machine.storages.values {
      guard let entry = entries["\(stem)data/\(storage.key)"] else {
        throw InputError(path, "storage \(inQuotes(storage.key)) is missing", remedy: Self.repair)
      }
      guard entry.size == storage.bytes, storage.view == nil else {
        throw InputError(
          "\(path): entry \(inQuotes(entry.name))", "has \(entry.size) bytes",
          remedy: "the pickle speaks of \(storage.bytes): \(Self.repair)")
      }
    }
    content = TorchContent(root, arena: machine.arena, isBigEndian: isBigEndian) { storage in
      guard let entry = entries["\(stem)data/\(storage.key)"] else {
        throw InputError(path, "storage \(inQuotes(storage.key)) is missing", remedy: Self.repair)
      }
      return try archive.contents(of: entry)
    }
  }

  private static let repair = "it is damaged: fetch or save it again"
}
