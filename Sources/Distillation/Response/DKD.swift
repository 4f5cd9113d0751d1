import NeuralNetworks
import Support
import Tensors

/// Decoupled knowledge distillation (Zhao, Cui, Song, Qiu & Liang, CVPR 2022, arXiv 2203.08679, eq. 7).
///
/// α·TCKD + β·NCKD, each T² · mean_B KL(teacher ‖ student): TCKD between the pairs (p_y, 1 − p_y), NCKD between the
/// distributions over the other classes. With α = 1 and β = 1 − p_{t,y} per image it is `kd`.
public enum DKD: LogitsFormula {
  /// `dkd`.
  public static let entry = CatalogEntry(
    "dkd", "the label's probability and the distribution over the other classes, weighted separately",
    paper: "Zhao, Cui, Song, Qiu & Liang, Decoupled Knowledge Distillation, CVPR 2022",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2022"), StepPart.fact(.logits, .labels),
      (key: "needs", value: "logits of both networks, equal classes, labels"),
      (
        key: "formula", value: "α T² mean_B KL(b_t ‖ b_s) + β T² mean_B KL(p̂_t ‖ p̂_s), b = (p_y, 1 − p_y), p̂ over c ≠ y"
      ),
      (key: "recipe", value: "- { method: dkd, beta: 8, weight: 1 }"),
    ],
    options: [
      alpha.option, beta.option, LogitsOptions.temperature.option, warmUp.option, LogitsOptions.standardisation.option,
    ])
  private static let alpha = OptionKey.number("alpha", 0...1e4, default: 1, "weight of the label's part")
  private static let beta = OptionKey.number("beta", 0...1e4, default: 8, "weight of the other classes' part")
  private static let warmUp = OptionKey.number(
    "warm-up", 0...10_000, default: 20, "epochs of linear rise of the whole term")
  /// Yes.
  public static let readsLabels = true

  /// The warm-up.
  public static func factor(at clock: TrainingClock, _ options: Options) -> Float {
    clock.rise(over: options[Self.warmUp])
  }

  /// Both parts in nats.
  public static func value(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> Tensor {
    let temperature = Float(options[LogitsOptions.temperature])
    let standardizes = options[LogitsOptions.standardisation]
    func parts(_ logits: Tensor) -> (pair: Tensor, others: Tensor) {
      let whole = standardizes ? logits.standardizedLogits() : logits
      let others = whole.withoutLabels(labels)
      let (label, rest) = whole.splitLogProbabilities(labels, others: others, temperature: temperature)
      return (stacked([label, rest], alongAxis: 1), others.logSoftmax(temperature: temperature))
    }
    let own = parts(student)
    let other = withoutRecording { parts(teacher) }
    let target = divergenceOfRows(own.pair, from: other.pair).mean()
    let rest = divergenceOfRows(own.others, from: other.others).mean()
    let scale = temperature * temperature
    return target * (Float(options[Self.alpha]) * scale) + rest * (Float(options[Self.beta]) * scale)
  }
}

extension TrainingClock {
  /// min(e / epochs, 1) with e counted from 1, as the released codes count; 1 without a warm-up.
  func rise(over epochs: Double) -> Float {
    epochs > 0 ? Float(min(Double(epoch + 1) / epochs, 1)) : 1
  }
}
