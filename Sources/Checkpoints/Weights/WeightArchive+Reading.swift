import Foundation
import Support

extension WeightArchive {
  /// What a caller has to name where a file does not have it.
  static let meaning = "a file of weights (safetensors, PyTorch or npz)"

  /// Reads what a file says of its tensors; its kind is told by its content. Values are read when they are asked for.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - key: where in a file of PyTorch the weights stand, or what the names of those begin with that are meant; `.` for
  ///     the tensors at the top; nil to look for them.
  ///   - option: what names the key, for error lines.
  ///   - checksSeal: whether the values of a file of this program are held against their checksum at once.
  /// - Returns: names, types, shapes and places of its tensors.
  /// - Throws: ``InputError`` naming the file, the byte or the tensor, and what would be right.
  public static func read(
    _ url: URL, key: String? = nil, option: String = "--key", checksSeal: Bool = true
  ) throws -> WeightArchive {
    guard key?.isEmpty != true else {
      throw InputError(option, "is empty", remedy: "name where the weights stand, or leave the option out")
    }
    let path = url.path
    let data = try FileBytes.mapped(path, as: meaning, remedy: "check the path")
    let start = Array(data.prefix(64))
    if start.starts(with: [0x50, 0x4B, 3, 4]) { return try zip(data, path: path, key, option) }
    if TorchStream.isStream(start) {
      return try torch(try TorchStream(data, path: path), .torchLegacy, path: path, key, option, fileSize: data.count)
    }
    let archive =
      try isText(start) && ShardedSafetensors.isIndex(data)
      ? ShardedSafetensors.read(data, url) : safetensors(data, path: path, checksSeal: checksSeal)
    return try archive.at(key, option)
  }

  /// Where the weights stand in two files that are read side by side: keys are for files that hold more than weights.
  ///
  /// - Parameters:
  ///   - keys: none, one for both, or one for each.
  ///   - urls: the two files.
  /// - Returns: the key of each; nil for none, and for a file of nothing but weights, unless both are such.
  public static func keys(_ keys: [String], of urls: [URL]) -> [String?] {
    guard keys.count == 1 else { return urls.indices.map { keys.indices.contains($0) ? keys[$0] : nil } }
    let needsKey = urls.map { url in
      // What cannot be read without one needs one, or is refused later.
      guard let archive = try? read(url, checksSeal: false) else { return true }
      return archive.key != nil || !archive.others.isEmpty
    }
    return needsKey.map { $0 || !needsKey.contains(true) ? keys.first : nil }
  }

  private static func isText(_ start: [UInt8]) -> Bool {
    start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{") && !start.contains(0)
  }

  private static func safetensors(_ data: Data, path: String, checksSeal: Bool) throws -> WeightArchive {
    let header = try SafetensorsHeader(data, orForeign: path)
    if checksSeal { try DataSeal.check(header, data, path: path) }
    return WeightArchive(
      path: path, format: .safetensors, metadata: header.metadata.filter { $0.key != DataSeal.key },
      tensors: header.entries.map { entry in
        let range = data.startIndex + entry.bytes.lowerBound..<data.startIndex + entry.bytes.upperBound
        return ArchivedTensor(name: entry.name, type: entry.type, shape: entry.shape, block: entry.name) { data[range] }
      })
  }

  private static func zip(_ data: Data, path: String, _ key: String?, _ option: String) throws -> WeightArchive {
    let archive = try ZipArchive(data, path: path)
    try checkGrowth(archive.entries.reduce(0) { $0 + ($1.isDeflated ? $1.size : 0) }, of: data.count, "unpack", path)
    if archive.entries.contains(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }) {
      let file = try TorchZip(archive, path: path)
      return try torch(
        file, file.isScript ? .torchScript : .torchZip, path: path, key, option, fileSize: data.count)
    }
    guard archive.entries.contains(where: { $0.name.hasSuffix(".npy") }) else {
      throw ForeignFile.error(data, path: path)
        ?? InputError(path, "is a zip archive without weights", remedy: "\(meaning) is expected")
    }
    return try npz(archive, data, path: path).at(key, option)
  }

  private static func npz(_ zip: ZipArchive, _ data: Data, path: String) throws -> WeightArchive {
    let arrays = try NumPyArchive(data, path: path)
    var skipped = zip.entries.filter { !$0.name.hasSuffix(".npy") }.map {
      Skipped(path: $0.name, what: "no array")
    }
    var tensors: [ArchivedTensor] = []
    for name in arrays.names {
      guard name != "__metadata__" else { throw unusable(name, path) }
      if try arrays.holdsObjects(name) {
        skipped.append(Skipped(path: name, what: "Python objects"))
      } else {
        tensors.append(ArchivedTensor(try arrays.array(name)))
      }
    }
    guard !tensors.isEmpty else {
      throw InputError(path, "holds no array of numbers", remedy: "\(meaning) is expected")
    }
    return WeightArchive(path: path, format: .npz, tensors: tensors, skipped: skipped)
  }

  /// The error for a name that safetensors keeps for itself.
  static func unusable(_ name: String, _ path: String) -> InputError {
    InputError(path, "a tensor has the name \(inQuotes(name))", remedy: "name it otherwise: files of weights keep it")
  }

  /// Refuses what would take many times the room of its file.
  static func checkGrowth(_ bytes: Int, of size: Int, _ verb: String, _ path: String) throws {
    guard bytes > 256 << 20, bytes / 20 > size else { return }
    throw InputError(
      path, "its \(size) bytes would \(verb) to \(bytes)", remedy: "write it anew, each tensor whole and not expanded")
  }

  /// In a file of nothing but weights a key says what the names begin with.
  private func at(_ key: String?, _ option: String) throws -> WeightArchive {
    guard let key, key != "." else { return self }
    if let part = part(key) { return part }
    throw InputError(
      "\(option) \(key)",
      "\(path) is \(format == .npz ? "an" : "a") \(format.rawValue) file, which holds weights and nothing else, and no name "
        + "begins with \(inQuotes(key + "."))", remedy: "leave the option out")
  }

  /// The weights of a file of PyTorch.
  private static func torch(
    _ file: some TorchFile, _ format: Format, path: String, _ key: String?, _ option: String, fileSize: Int
  ) throws -> WeightArchive {
    let content = file.content
    var tree = TorchTree(isScript: format == .torchScript, path: path, option: option)
    let choice = try tree.choice(content.root, key: key)
    var total = 0
    var names: Set<String> = []
    let tensors = try choice.tensors.map { name, tensor in
      guard names.insert(name).inserted else {
        throw InputError(path, "two tensors have the name \(inQuotes(name))", remedy: "write the file again")
      }
      guard name != "__metadata__" else { throw unusable(name, path) }
      guard let type = tensor.type.stored, !tensor.isTransformed else {
        let kind = tensor.isTransformed ? "conjugated or negated when read" : "of type \(tensor.type.name)"
        throw InputError(
          "\(path): tensor \(inQuotes(name))", "is \(kind), which this program does not read",
          remedy: "save it as numbers: dequantize(), resolve_conj(), resolve_neg() or to(torch.float32)")
      }
      total += min(tensor.count, 1 << 40) * tensor.type.width
      try checkGrowth(total, of: fileSize, "unfold", path)
      return ArchivedTensor(name: name, type: type, shape: tensor.shape, block: tensor.storage.key) {
        StridedBytes.row(
          of: tensor, in: try content.bytes(tensor.storage), isSwapped: content.isBigEndian)
      }
    }
    guard !tensors.isEmpty || format != .torchScript else {
      throw InputError(
        path, "is TorchScript without parameters: freezing has made constants of them",
        remedy: "save the module as it is before torch.jit.freeze")
    }
    return WeightArchive(
      path: path, format: format, key: choice.key, others: choice.others, tensors: tensors,
      skipped: tree.skipped(content.root, except: choice))
  }
}
