import Foundation
import Support

/// A file of weights, whoever wrote it: named tensors, and what else it says. Nothing in it is ever executed.
///
/// From here names are mapped to those of a network (``NameMap``), and only then is a network given values.
public struct WeightArchive: Sendable {
  /// How a file is written.
  public enum Format: String, Sendable, CaseIterable {
    case torchZip = "pytorch-zip"
    case torchLegacy = "pytorch-legacy"
    case torchScript = "torchscript"
    case safetensors
    case shardedSafetensors = "safetensors-sharded"
    case npz
  }

  /// A part of the file that is no tensor and was not read.
  public struct Skipped: Sendable, Equatable {
    /// Where it stands, such as `hyper_parameters.net`.
    public let path: String
    /// What it is, such as `argparse.Namespace`.
    public let what: String
  }

  /// The file.
  public let path: String
  /// How it is written.
  public let format: Format
  /// Where in the file the weights stand, such as `state_dict`; nil where the file is nothing but weights.
  public let key: String?
  /// Where further weights stand, which were not taken.
  public let others: [String]
  /// Free text entries.
  public let metadata: [String: String]
  /// The tensors under the file's own names, in the file's order.
  public let tensors: [ArchivedTensor]
  /// What was not read.
  public let skipped: [Skipped]

  init(
    path: String, format: Format, key: String? = nil, others: [String] = [], metadata: [String: String] = [:],
    tensors: [ArchivedTensor], skipped: [Skipped] = []
  ) {
    self.path = path
    self.format = format
    self.key = key
    self.others = others
    self.metadata = metadata
    self.tensors = tensors
    self.skipped = skipped
  }

  /// Prefixes that wrappers put before all names of a network: DataParallel, torch.compile, and usual attribute names.
  private static let wrappers = ["module.", "_orig_mod.", "model.", "backbone."]

  /// The prefix of wrappers that all names carry, such as `module.`; empty for none.
  public var prefix: String {
    // A file of this program has the names that it should have.
    guard !tensors.isEmpty, metadata["kdscope.format"] == nil else { return "" }
    var prefix = ""
    func areAll(behind longer: String) -> Bool {
      tensors.allSatisfy {
        $0.name.hasPrefix(longer) && $0.name.utf8.count > longer.utf8.count || Self.isCountOfAverages($0.name)
      }
    }
    while let next = Self.wrappers.first(where: { areAll(behind: prefix + $0) }) { prefix += next }
    return tensors.contains { $0.name == prefix + "__metadata__" } ? "" : prefix
  }

  /// What PyTorch's averaged models have beside their network, under no prefix.
  static func isCountOfAverages(_ name: String) -> Bool { name == "n_averaged" || name.hasSuffix(".n_averaged") }

  /// The tensors without a prefix that all their names carry.
  public func tensors(without prefix: String) -> [ArchivedTensor] {
    guard !prefix.isEmpty else { return tensors }
    return tensors.map { $0.name.hasPrefix(prefix) ? $0.renamed(String($0.name.dropFirst(prefix.count))) : $0 }
  }

  /// The tensors whose names begin with a name and a dot.
  ///
  /// - Parameter name: such as `student`, of a file that holds two networks side by side.
  /// - Returns: them, without that beginning; nil if there are none.
  func part(_ name: String) -> WeightArchive? {
    let beginning = name + "."
    let inside = tensors.filter { $0.name.hasPrefix(beginning) && $0.name != beginning }
    guard !inside.isEmpty else { return nil }
    let others = parts.filter { $0 != name }
    // What the whole file says of itself is not true of a part.
    return WeightArchive(
      path: path, format: format, key: key.map { "\($0).\(name)" } ?? name, others: others,
      tensors: inside.map { $0.renamed(String($0.name.dropFirst(beginning.count))) }, skipped: skipped)
  }

  /// The archive without some of its tensors.
  ///
  /// - Parameter names: in the file; one that ends in a dot stands for all that begin so.
  /// - Returns: the rest.
  /// - Throws: ``InputError`` for a name that the file does not have, or if nothing would be left.
  public func leavingOut(_ names: [String]) throws -> WeightArchive {
    let own = Set(tensors.map(\.name))
    let names = names.flatMap { name -> [String] in
      let found = name.hasSuffix(".") ? own.filter { $0.hasPrefix(name) }.sorted() : []
      return found.isEmpty ? [name] : found
    }
    if let unknown = names.first(where: { !own.contains($0) }) {
      throw InputError(
        "--without \(unknown)", "\(path) has no such tensor",
        remedy: closest(to: unknown, in: tensors.map(\.name)).map { "did you mean \(inQuotes($0))?" }
          ?? "its names are in kdscope probe summary")
    }
    let left = Set(names)
    guard left.count < own.count else {
      throw InputError("--without", "no tensor of \(path) would be left", remedy: "keep one")
    }
    return WeightArchive(
      path: path, format: format, key: key, others: others, metadata: metadata,
      tensors: tensors.filter { !left.contains($0.name) }, skipped: skipped)
  }

  /// What names begin with up to their first dot behind what all begin with, where there are no more than eight such.
  var parts: [String] {
    var list: [String] = []
    let prefix = prefix
    for tensor in tensors where tensor.name.hasPrefix(prefix) {
      let rest = tensor.name.dropFirst(prefix.count)
      guard let dot = rest.firstIndex(of: "."), dot != rest.startIndex else { continue }
      let part = prefix + String(rest[..<dot])
      if !list.contains(part) { list.append(part) }
      if list.count > 8 { return [] }
    }
    return list
  }

  /// All tensors with their values, under the names that are left without wrappers.
  ///
  /// - Throws: ``InputError`` if the file is damaged.
  public func loaded() throws -> Safetensors {
    Safetensors(metadata: metadata, tensors: try tensors(without: prefix).map { try $0.stored() })
  }

  /// Says on standard error what was chosen, left out and skipped.
  ///
  /// - Parameter isStripped: whether the prefix of wrappers is left out.
  public func tellChoices(isStripped: Bool = true) {
    if !others.isEmpty {
      let taken = key.map { "the weights of '\(VisibleText.name($0, atMost: 80))'" } ?? "the tensors at the top"
      Notice.tell(
        "\(path): \(taken) are taken; others stand in "
          + "\(others.prefix(8).map(inQuotes).joined(separator: ", ")) (--key)")
    }
    if isStripped, !prefix.isEmpty {
      let count = tensors.contains { Self.isCountOfAverages($0.name) } ? " but that of the count of averages" : ""
      Notice.tell("\(path): every name\(count) begins with '\(prefix)', which is left out")
    }
    let counts = Dictionary(skipped.map { ($0.what, 1) }, uniquingKeysWith: +)
    var told: Set<String> = []
    let kinds = skipped.filter { told.insert($0.what).inserted }
    for part in kinds.prefix(8) {
      let more = counts[part.what, default: 1] - 1
      let rest = more == 0 ? "" : more == 1 ? " and one more place" : " and \(more) more places"
      Notice.tell(
        "\(path): \(VisibleText.name(part.path, atMost: 80))\(rest) \(more == 0 ? "holds" : "hold") "
          + "\(VisibleText.name(part.what, atMost: 80)), skipped")
    }
    if kinds.count > 8 { Notice.tell("\(path): \(kinds.count - 8) more kinds of objects are skipped") }
  }
}
