import Experiments
import Support

/// All keys of a recipe, section by section.
struct RecipeKeysPage {
  private let sections = RecipeSection.all

  var text: String {
    let pages = sections.map { section in
      let keys = section.keys.map { key in
        [key.name, key.expectation, key.defaultValue.map { "default \($0)" } ?? "", key.summary]
      }
      return "\(section.path.isEmpty ? "a recipe" : section.path): \(section.summary)\n" + aligned(keys, indent: "  ")
        + (section.further.map { "  … and \($0)\n" } ?? "")
    }
    return pages.joined(separator: "\n")
      + "\nFrom the command line a value is changed by its path, such as --set training.schedule.kind=constant.\n"
  }

  var document: DocumentNode {
    .map([
      "sections": .list(
        sections.map { section in
          .map([
            "path": .text(section.path), "summary": .text(section.summary),
            "keys": .list(section.keys.map(CatalogPage.document)),
            "further": section.further.map { .text($0) } ?? .null,
          ])
        })
    ])
  }
}
