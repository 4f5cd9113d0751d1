import Distillation
import Experiments
import Support

/// The ways of distilling as a table: identifier, family, year, what each needs, what it trains, stages of its own.
struct MethodTable {
  private let entries: [CatalogEntry]

  init(_ entries: [CatalogEntry]) { self.entries = entries }

  var text: String {
    let rows = entries.map { entry in
      [
        entry.name, fact("family", entry), fact("year", entry), needs(entry).joined(separator: ", "),
        fact("trainable", entry).isEmpty ? "" : "parts", fact("stages", entry).isEmpty ? "" : "stage", entry.summary,
      ]
    }
    return aligned([["method", "family", "year", "needs", "trains", "before", "what is taught"]] + rows)
  }

  var document: DocumentNode {
    .map([
      "methods": .list(
        entries.map { entry in
          .map([
            "name": .text(entry.name), "summary": .text(entry.summary), "family": .text(fact("family", entry)),
            "year": .number(Double(fact("year", entry)) ?? 0), "needs": .text(fact("needs", entry)),
            "reads": .list(needs(entry).map { .text($0) }), "trainable": .text(fact("trainable", entry)),
            "stages": .text(fact("stages", entry)), "loss_of_tensors": .flag(LossAnswer.methods.contains(entry.name)),
          ])
        })
    ])
  }

  /// What of a step the method looks at.
  private func needs(_ entry: CatalogEntry) -> [String] { StepPart.read(by: entry).map(\.rawValue) }

  private func fact(_ key: String, _ entry: CatalogEntry) -> String {
    entry.facts.first { $0.key == key }?.value ?? ""
  }
}
