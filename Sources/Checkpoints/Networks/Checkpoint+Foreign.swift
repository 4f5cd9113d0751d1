import Models
import Support

extension Checkpoint {
  /// Prefixes that wrappers put before all names of a network: DataParallel, torch.compile, and usual attribute names.
  private static let wrappers = ["module.", "_orig_mod.", "model.", "backbone."]

  /// What a file of unknown origin holds, and its tensors under the network's own names.
  ///
  /// A prefix that every tensor carries goes, which standard error is told.
  ///
  /// - Parameters:
  ///   - model: name of the network that the file is said to hold.
  ///   - file: the file.
  ///   - imageSize: what the network is for; found out from its shapes where nil.
  ///   - path: for error lines.
  /// - Returns: what the file holds, and its tensors.
  /// - Throws: ``InputError`` if the tensors are not those of the network; it names the prefix that they have.
  static func foreign(
    _ model: String, _ file: Safetensors, _ imageSize: (height: Int, width: Int)?, path: String
  ) throws -> (specification: ModelSpecification, file: Safetensors) {
    if let found = try specification(model, file, imageSize, path: path) { return (found, file) }
    if let (bare, prefix) = withoutWrappers(file), let found = try specification(model, bare, imageSize, path: path) {
      Notice.tell("\(path): every name begins with \(inQuotes(prefix)), which is left out")
      return (found, bare)
    }
    throw InputError(path, "the tensors are not those of \(model)", remedy: try advice(model, file))
  }

  /// The specification of a file, from the shapes of its first and last weights; nil where they are absent.
  private static func specification(
    _ model: String, _ file: Safetensors, _ imageSize: (height: Int, width: Int)?, path: String
  ) throws -> ModelSpecification? {
    let tensors = ForeignTensors(model: model) { file[$0]?.shape }
    guard let found = try ModelCatalog.specification(of: tensors, at: "--model") else { return nil }
    guard possibleExtents.contains(found.classes), possibleExtents.contains(found.channels) else {
      throw InputError(
        path, "the tensors describe \(found.classes) classes and \(found.channels) colours",
        remedy: "a network has 1 to \(possibleExtents.upperBound) of each")
    }
    return ModelSpecification(
      model, classes: found.classes, channels: found.channels, height: imageSize?.height ?? found.height,
      width: imageSize?.width ?? found.width, options: found.options)
  }

  /// The file without the prefixes of wrappers that all its tensors carry; nil where there is none.
  private static func withoutWrappers(_ file: Safetensors) -> (file: Safetensors, prefix: String)? {
    guard !file.tensors.isEmpty else { return nil }
    var prefix = ""
    func areAll(behind longer: String) -> Bool { file.tensors.allSatisfy { $0.name.hasPrefix(longer) } }
    while let next = wrappers.first(where: { areAll(behind: prefix + $0) }) { prefix += next }
    guard !prefix.isEmpty else { return nil }
    let tensors = file.tensors.map { tensor in
      StoredTensor(
        name: String(tensor.name.dropFirst(prefix.count)), type: tensor.type, shape: tensor.shape, bytes: tensor.bytes)
    }
    // A name that the format keeps for itself.
    guard !tensors.contains(where: { $0.name.isEmpty || $0.name == "__metadata__" }) else { return nil }
    return (Safetensors(metadata: file.metadata, tensors: tensors), prefix)
  }

  /// What to do with a file whose names are others: the prefix that the network's first weight has there, else the
  /// nearest name.
  private static func advice(_ model: String, _ file: Safetensors) throws -> String {
    var asked: [String] = []
    let tensors = ForeignTensors(model: model) { name in
      asked.append(name)
      return nil
    }
    _ = try ModelCatalog.specification(of: tensors, at: "--model")
    for name in asked {
      if let longer = file.tensors.first(where: { $0.name.hasSuffix(".\(name)") })?.name {
        let prefix = longer.dropLast(name.count)
        return
          "check --model, or take the prefix \(inQuotes(String(prefix))) off the names: \(inQuotes(name)) is there "
          + "as \(inQuotes(longer))"
      }
    }
    guard let first = asked.first(where: { file[$0] == nil }) else { return "check --model" }
    let nearest = nearestName(to: first, in: file).map { "; its nearest is \(inQuotes($0))" } ?? ""
    return "check --model: \(inQuotes(first)) is missing\(nearest)"
  }
}
