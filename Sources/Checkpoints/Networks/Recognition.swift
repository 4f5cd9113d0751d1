import Models
import Support

/// Which network of the catalogue a file holds, by names and shapes of its tensors.
public struct Recognition {
  /// A network that has the tensors.
  public struct Fit {
    /// What the network is.
    public let specification: ModelSpecification
    /// What all names of the file begin with.
    public let prefix: String
    /// Which tensor is which.
    public let map: NameMap
    /// The network without values: they are undefined until they are read.
    public let network: any Network
    /// The file's tensors without the prefix.
    let tensors: [ArchivedTensor]
  }

  /// A network that nearly has the tensors.
  public struct Candidate: Sendable, Equatable {
    /// Its name.
    public let model: String
    /// How many of its tensors the file lacks.
    public let missing: Int
    /// How many tensors of the file it lacks.
    public let extra: Int
    /// How many have another shape.
    public let misshapen: Int
  }

  private let archive: WeightArchive
  private let imageSize: (height: Int, width: Int)?
  /// The file's tensors without what all names begin with: first without wrappers, then with ever longer prefixes off.
  private let views: [(prefix: String, tensors: [ArchivedTensor], shapes: [String: [Int]])]

  /// - Parameters:
  ///   - archive: the file.
  ///   - imageSize: what the network is for; found out from its shapes where nil.
  public init(_ archive: WeightArchive, imageSize: (height: Int, width: Int)? = nil) {
    self.archive = archive
    self.imageSize = imageSize
    views = Self.prefixes(archive).map { prefix in
      let tensors = archive.tensors(without: prefix)
      return (prefix, tensors, Dictionary(tensors.map { ($0.name, $0.shape) }) { first, _ in first })
    }
  }

  /// The wrappers' prefix, and those longer ones that all names have too, up to eight.
  private static func prefixes(_ archive: WeightArchive) -> [String] {
    let wrappers = archive.prefix
    let names = archive.tensors.lazy.map(\.name).filter { !WeightArchive.isCountOfAverages($0) }
    guard var common = names.first?[...] else { return [""] }
    for name in names where !name.hasPrefix(common) {
      common = common.commonPrefix(with: name)[...]
    }
    let dots = common.indices.filter { common[$0] == "." }.map { String(common[...$0]) }
    return [wrappers] + dots.filter { $0.utf8.count > wrappers.utf8.count && $0.hasPrefix(wrappers) }.prefix(8)
  }

  /// The file as a network that it is said to hold.
  ///
  /// - Parameter model: a name of the catalogue, in its or torchvision's spelling.
  /// - Returns: the first view of the file that fits, else the first that could; nil where none could.
  /// - Throws: ``InputError`` for a name that does not exist, or a network that cannot be.
  public func fit(_ model: String) throws -> Fit? {
    let model = ModelCatalog.canonicalName(model)
    var first: Fit?
    for view in views {
      guard let specification = try specification(model, view.shapes) else { continue }
      let fit = try fit(specification, view)
      if fit.map.fits { return fit }
      if first == nil { first = fit }
    }
    return first
  }

  /// The network of a file, its values not read: the one that the file or the caller names, else the only one that has
  /// exactly its tensors.
  ///
  /// - Parameters:
  ///   - model: a name of the catalogue; nil to recognise it.
  ///   - facts: what the file says of itself; nil for a foreign file.
  /// - Returns: nil where none is named and none, or more than one, fits.
  /// - Throws: ``InputError`` if the tensors are not those of the network that is named.
  public func known(as model: String?, facts: CheckpointFacts?) throws -> Fit? {
    if let facts {
      let fit = try fit(facts.model, (prefix: "", tensors: archive.tensors, shapes: [:]))
      try fit.map.requireFit(path: archive.path, among: fit.tensors)
      return fit
    }
    if let model {
      guard let fit = try fit(model) else {
        if let part = partsThatFit().first(where: { $0.model == ModelCatalog.canonicalName(model) }) {
          throw InputError(
            archive.path, "the tensors are not those of \(model) alone: they are under \(inQuotes(part.key))",
            remedy: "take them by --key \(part.key)")
        }
        throw InputError(archive.path, "the tensors are not those of \(model)", remedy: try advice(model))
      }
      try fit.map.requireFit(path: archive.path, among: fit.tensors)
      return fit
    }
    let fits = fits()
    return fits.count == 1 ? fits[0] : nil
  }

  /// The error for a file whose network is not known.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - tensors: how many it has.
  ///   - nearest: networks that nearly have them.
  ///   - parts: networks that a part of the tensors is, as ``partsThatFit()`` finds them.
  ///   - option: what names a network, such as `teacher.model`.
  ///   - keyOption: what names where weights stand, such as `teacher.key`.
  /// - Returns: the error, which names the parts, else the nearest.
  public static func unknown(
    _ path: String, tensors: Int, nearest: [Candidate], parts: [(key: String, model: String)] = [],
    naming option: String = "--model", _ keyOption: String = "--key"
  ) -> InputError {
    if let first = parts.first {
      return InputError(
        path,
        "its \(tensors) tensors are more than a network: "
          + parts.map { "\(inQuotes($0.key)) is \($0.model)" }.joined(separator: ", "),
        remedy: "take one by \(keyOption) \(first.key)"
          + (parts.count == 1
            ? ", or leave it out: kdscope convert FILE OUT --without \(inQuotes(first.key + "."))" : ""))
    }
    let names = nearest.map { candidate in
      "\(candidate.model) (missing \(candidate.missing), extra \(candidate.extra), misshapen \(candidate.misshapen))"
    }
    return InputError(
      path,
      tensors == 1
        ? "no network of the catalogue has this one tensor" : "no network of the catalogue has its \(tensors) tensors",
      remedy: "name it with \(option)" + (names.isEmpty ? "" : "; nearest are \(names.joined(separator: ", "))"))
  }

  /// The error for this file.
  ///
  /// - Parameters:
  ///   - option: what names a network, such as `teacher.model`.
  ///   - keyOption: what names where weights stand, such as `teacher.key`.
  /// - Returns: the error, which names the parts that are networks, else the nearest of the catalogue.
  public func unknown(naming option: String = "--model", _ keyOption: String = "--key") -> InputError {
    let parts = partsThatFit()
    return Self.unknown(
      archive.path, tensors: archive.tensors.count, nearest: parts.isEmpty ? nearest() : [], parts: parts,
      naming: option, keyOption)
  }

  /// The networks of the catalogue that have exactly these tensors.
  public func fits() -> [Fit] {
    for view in views {
      let found = ModelCatalog.names { NameMap.shape(of: $0, in: view.shapes) }.compactMap { name -> Fit? in
        guard let specification = try? specification(name, view.shapes), let fit = try? fit(specification, view),
          fit.map.fits
        else { return nil }
        return fit
      }
      if !found.isEmpty { return found }
    }
    return []
  }

  /// Networks that stand side by side under one name each, such as `student` and `teacher`.
  ///
  /// - Returns: where each stands, and what it is.
  public func partsThatFit() -> [(key: String, model: String)] {
    archive.parts.compactMap { name in
      guard let part = archive.part(name), part.tensors.count < archive.tensors.count, let key = part.key else {
        return nil
      }
      let fits = Recognition(part, imageSize: imageSize).fits()
      return fits.count == 1 ? (key, fits[0].specification.name) : nil
    }
  }

  /// Refuses images of a size that the only network with these tensors cannot take.
  ///
  /// - Throws: ``InputError`` that says which sizes it takes.
  func requireSize() throws {
    guard imageSize != nil else { return }
    let fits = Recognition(archive).fits()
    guard fits.count == 1 else { return }
    // Nothing but the size is in its way.
    _ = try fit(fits[0].specification.name)
  }

  /// The three networks of the catalogue that are nearest, by the number of tensors that are in the way.
  public func nearest() -> [Candidate] {
    // A hostile file may have any number of tensors, and all networks are compared with each.
    guard let view = views.first, archive.tensors.count <= 20_000 else { return [] }
    let shapes = archive.tensors.map(\.shape)
    let classes = shapes.last { $0.count == 2 }?[0] ?? 10
    let channels = shapes.first { $0.count == 4 }?[1] ?? 3
    let all = ModelCatalog.names { NameMap.shape(of: $0, in: view.shapes) }.compactMap { name -> (Candidate, Int)? in
      let guess = ModelSpecification(
        name, classes: Checkpoint.possibleExtents.contains(classes) ? classes : 10,
        channels: (1...4).contains(channels) ? channels : 3)
      let specification = (try? specification(name, view.shapes)) ?? guess
      guard let map = (try? fit(specification, view))?.map else { return nil }
      return (
        Candidate(
          model: name, missing: map.missing.count, extra: map.extra.count, misshapen: map.misshapen.count),
        map.missing.count + map.extra.count + map.misshapen.count
      )
    }
    return all.enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.prefix(3).map(\.element.0)
  }

  private func fit(
    _ specification: ModelSpecification, _ view: (prefix: String, tensors: [ArchivedTensor], shapes: [String: [Int]])
  ) throws -> Fit {
    let network = try ModelCatalog.blank(specification, at: archive.path)
    return Fit(
      specification: specification, prefix: view.prefix, map: NameMap(view.tensors, network), network: network,
      tensors: view.tensors)
  }

  /// The specification of a file, from the shapes of its first and last weights; nil where they are absent.
  private func specification(_ model: String, _ shapes: [String: [Int]]) throws -> ModelSpecification? {
    let tensors = ForeignTensors(model: model) { NameMap.shape(of: $0, in: shapes) }
    guard let found = try ModelCatalog.specification(of: tensors, at: "--model") else { return nil }
    guard Checkpoint.possibleExtents.contains(found.classes), Checkpoint.possibleExtents.contains(found.channels) else {
      throw InputError(
        archive.path, "the tensors describe \(found.classes) classes and \(found.channels) colours",
        remedy: "a network has 1 to \(Checkpoint.possibleExtents.upperBound) of each")
    }
    return try ModelSpecification(
      model, classes: found.classes, channels: found.channels, height: found.height, width: found.width,
      options: found.options
    ).keepingForm(at: imageSize)
  }

  /// What to do with a file whose names are others: a prefix that most names have, else the nearest name.
  func advice(_ model: String) throws -> String {
    guard let view = views.first else { return "check --model" }
    var asked: [String] = []
    let tensors = ForeignTensors(model: ModelCatalog.canonicalName(model)) { name in
      asked.append(name)
      return NameMap.shape(of: name, in: view.shapes)
    }
    _ = try ModelCatalog.specification(of: tensors, at: "--model")
    for name in asked {
      for longer in view.tensors.lazy.map(\.name) where longer.hasSuffix(".\(name)") {
        let prefix = String(longer.dropLast(name.count))
        // A block has weights of the same name as the whole network.
        guard view.tensors.count(where: { $0.name.hasPrefix(prefix) }) * 2 > view.tensors.count else { continue }
        return "check --model, or take the prefix \(inQuotes(prefix)) off the names: \(inQuotes(name)) is there "
          + "as \(inQuotes(longer))"
      }
    }
    guard let first = asked.first(where: { NameMap.shape(of: $0, in: view.shapes) == nil }) else {
      return "check --model"
    }
    return "check --model: \(inQuotes(first)) is missing"
      + NameMap.nearest(to: first, in: view.tensors, besides: Set(asked))
  }
}
