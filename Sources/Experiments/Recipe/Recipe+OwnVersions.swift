import Distillation
import Models
import Support

/// Versions of networks and methods of one's own, which decide weights beside their names and options.
extension Recipe {
  /// `huber version 2` for each, in order; none for what the program itself has.
  var ownVersions: [String] {
    let teachers = ([teacher] + teachers.map(\.teacher)).compactMap(\.?.model)
    let models = (teachers + [student] + assistants.compactMap(\.model)).map(\.name)
    return Self.ownVersions(of: models + taught.flatMap(\.terms).flatMap(\.names))
  }

  /// - Parameters:
  ///   - names: of networks and methods, any number of times.
  ///   - entries: all that there are.
  /// - Returns: those with a version, once each.
  package static func ownVersions(
    of names: [String], among entries: [CatalogEntry] = MethodRegistry.entries + ModelCatalog.entries
  ) -> [String] {
    entries.filter { $0.version > 0 && names.contains($0.name) }.map { "\($0.name) version \($0.version)" }
  }
}

extension TermRecipe {
  /// Its method, and the texts of its options, which may name networks, such as peers.
  package var names: [String] {
    let texts = options.values.values.flatMap { if case .list(let all) = $0 { all } else { [$0] } }
    return [method] + texts.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }
}
