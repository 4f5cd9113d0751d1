import NeuralNetworks
import Support

extension DOT {
  /// `dot`.
  public static let entry = CatalogEntry(
    "dot", "an optimiser that keeps separate momenta for labels and terms",
    paper: "Zhao, Cui, Song & Liang, DOT: A Distillation-Oriented Trainer, ICCV 2023",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2023"), StepPart.fact(.labels),
      (key: "needs", value: "labels and at least one term, both with a weight, in a joint schedule"),
      (
        key: "formula",
        value: "u ← (μ − Δ)u + g_labels + λw, v ← (μ + Δ)v + g_terms, w ← w − η(u + v); one of them alone: μ"
      ),
      (key: "recipe", value: "training: { optimizer: dot, momentum: 0.9, delta: 0.075 }   not in distillation:"),
    ])
}
