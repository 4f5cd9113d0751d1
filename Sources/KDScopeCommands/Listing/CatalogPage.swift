import Experiments
import Support

/// One catalogue entry in full.
struct CatalogPage {
  /// What `--json` prints, for help texts.
  static let jsonKeys = """
    With --json: "name", "summary", "paper", "facts", and "options" with "name", "takes", "default" and "summary".
    """

  private let entry: CatalogEntry

  init(_ entry: CatalogEntry) { self.entry = entry }

  var text: String {
    let facts = (entry.paper.map { [["paper", $0]] } ?? []) + entry.facts.map { [$0.key, $0.value] }
    let options = entry.options.map { option in
      [option.name, option.expectation, option.defaultValue.map { "default \($0)" } ?? "no default", option.summary]
    }
    return "\(entry.name): \(entry.summary)\n" + aligned(facts, indent: "  ")
      + (options.isEmpty ? "no options\n" : "options\n" + aligned(options, indent: "  "))
  }

  var document: DocumentNode { .map(members) }

  /// An option, or a key of a recipe.
  static func document(of option: OptionDescription) -> DocumentNode {
    .map([
      "name": .text(option.name), "takes": .text(option.expectation),
      "default": option.defaultValue.map { DocumentNode($0) } ?? .null, "summary": .text(option.summary),
    ])
  }

  var members: [DocumentNode.Member] {
    return [
      .init(key: "name", value: .text(entry.name)), .init(key: "summary", value: .text(entry.summary)),
      .init(key: "paper", value: entry.paper.map { .text($0) } ?? .null),
      .init(key: "facts", value: .map(entry.facts.map { .init(key: $0.key, value: .text($0.value)) })),
      .init(key: "options", value: .list(entry.options.map(Self.document))),
    ]
  }
}
