import Foundation
import Models
import Support

/// How a network was found in a file that does not say what it holds.
public struct CheckpointOrigin: Sendable {
  /// How the file is written.
  public let format: WeightArchive.Format
  /// Where in the file the weights stand; nil where it is nothing but weights.
  public let key: String?
  /// What all names begin with; empty for nothing.
  public let prefix: String
  /// Tensors whose names in the file are others than the network's.
  public let renamed: [NameMap.Renaming]
  /// Options of the network that its tensors tell.
  public let options: [String: OptionValue]
}

extension Checkpoint {
  /// A network from a file of unknown origin.
  ///
  /// What was chosen, renamed and skipped is told on standard error.
  ///
  /// - Parameters:
  ///   - archive: the file.
  ///   - model: name of the network that the file is said to hold; nil to recognise it.
  ///   - imageSize: what the network is for; found out from its shapes where nil.
  /// - Returns: the network with the file's values.
  /// - Throws: ``InputError`` if the tensors are those of no network, of several, or not of the one that is named.
  static func foreign(
    _ archive: WeightArchive, _ model: String?, _ imageSize: (height: Int, width: Int)?
  ) throws -> Checkpoint {
    let fit = try recognised(archive, model, imageSize)
    try fit.map.fill(fit.network, path: archive.path)
    tell(fit, archive, isNamed: model != nil)
    return Checkpoint(
      network: fit.network, facts: nil,
      origin: CheckpointOrigin(
        format: archive.format, key: archive.key, prefix: fit.prefix, renamed: fit.map.renamed,
        options: fit.specification.options))
  }

  /// The network of a file that does not say what it holds, its values not yet read.
  private static func recognised(
    _ archive: WeightArchive, _ model: String?, _ imageSize: (height: Int, width: Int)?
  ) throws -> Recognition.Fit {
    let recognition = Recognition(archive, imageSize: imageSize)
    if let fit = try recognition.known(as: model, facts: nil) { return fit }
    let names = recognition.fits().map(\.specification.name).joined(separator: ", ")
    guard names.isEmpty else {
      throw InputError(archive.path, "\(names) all have its tensors", remedy: "say by --model which one it is")
    }
    try recognition.requireSize()
    throw recognition.unknown()
  }

  private static func tell(_ fit: Recognition.Fit, _ archive: WeightArchive, isNamed: Bool) {
    let path = archive.path
    if fit.prefix != archive.prefix {
      Notice.tell("\(path): every name begins with \(inQuotes(fit.prefix)), which is left out")
    }
    let specification = fit.specification
    if !isNamed {
      let options = specification.options.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      Notice.tell(
        "\(path): its tensors are those of \(specification.name)"
          + (options.isEmpty ? "" : " with \(options.joined(separator: ", "))"))
    }
    if let first = fit.map.renamed.first {
      let more = fit.map.renamed.count - 1
      Notice.tell(
        "\(path): \(inQuotes(first.file)) is taken for '\(first.network)'"
          + (more > 0 ? ", and \(more) more likewise" : ""))
    }
  }
}
