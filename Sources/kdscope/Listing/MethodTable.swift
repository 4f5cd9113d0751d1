import Distillation
import Experiments
import Support

/// The ways of distilling as a table: identifier, family, year, what each needs, what it trains.
struct MethodTable {
  private let entries: [CatalogEntry]

  init(_ entries: [CatalogEntry]) { self.entries = entries }

  var text: String {
    let rows = entries.map { entry in
      [entry.name, fact("family", entry), fact("year", entry), entry.summary]
    }
    return aligned([["method", "family", "year", "what is taught"]] + rows)
  }

  var document: DocumentNode {
    .map([
      "methods": .list(
        entries.map { entry in
          .map([
            "name": .text(entry.name), "summary": .text(entry.summary), "family": .text(fact("family", entry)),
            "year": .number(Double(fact("year", entry)) ?? 0), "needs": .text(fact("needs", entry)),
            "trainable": .text(fact("trainable", entry)),
            "loss_of_tensors": .flag(LossAnswer.methods.contains(entry.name)),
          ])
        })
    ])
  }

  private func fact(_ key: String, _ entry: CatalogEntry) -> String {
    entry.facts.first { $0.key == key }?.value ?? ""
  }
}
