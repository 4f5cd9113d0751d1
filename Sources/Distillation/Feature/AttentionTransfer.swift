import NeuralNetworks
import Support
import Tensors

/// Attention transfer, activation form (Zagoruyko & Komodakis, ICLR 2017, arXiv 1612.03928, as its code has it).
///
/// Per layer mean_{B,HW} (Q_s − Q_t)², Q the map mean_C |F|^p at length 1 per image; the larger map is average-pooled to the
/// smaller before the power. Sum over the layers. The paper has ½ ‖Q_s − Q_t‖₂ of each image instead.
public enum AttentionTransfer: MapFormula {
  /// `attention-transfer`.
  public static let entry = CatalogEntry(
    "attention-transfer", "where a layer is active, summed over its channels",
    paper: "Zagoruyko & Komodakis, Paying More Attention to Attention, ICLR 2017",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2017"), StepPart.fact(.features),
      (key: "needs", value: "maps of both networks"),
      (key: "formula", value: "Σ_layers mean_{B,HW} (Q_s − Q_t)², Q = mean_C |F|^p at length 1"),
      (key: "recipe", value: "- { method: attention-transfer, weight: 1000 }"),
    ],
    options: [power.option, variant.option, LayerReduction.key.option])
  /// Whose distance of the maps.
  enum Variant: String, OptionChoice { case code, paper, aberhu }
  private static let power = OptionKey.number("power", 0.5...16, default: 2, "p, what |F| is raised to")
  private static let variant = OptionKey.choice(
    "variant", default: Variant.code,
    "paper: mean_B ½ ‖Q_s − Q_t‖₂; aberhu: Q = A / (‖A‖ + 1e-6) and the mean over the layers")

  /// Sum over the layers.
  public static func value(_ pairs: [(student: Tensor, teacher: Tensor)], _ options: Options) -> Tensor {
    let (power, variant) = (Float(options[Self.power]), options[Self.variant])
    func attention(_ map: Tensor) -> Tensor {
      guard variant == .aberhu else { return direction(map, power) }
      let places = places(map, power)
      return places / (places.norm(alongAxes: [1], keepsAxes: true) + 1e-6)
    }
    let losses = pairs.map { student, teacher -> Tensor in
      let (own, other) = matchedSizes(student, teacher)
      let (a, b) = (attention(own), withoutRecording { attention(other) })
      return variant == .paper ? (a - b).norm(alongAxes: [1]).mean() * 0.5 : meanSquaredError(a, b)
    }
    return variant == .aberhu ? losses.summed / Float(losses.count) : losses.overLayers(options)
  }

  /// mean_C |F|^p, [batch, places].
  private static func places(_ map: Tensor, _ power: Float) -> Tensor {
    (power == 2 ? map.squared() : map.absolute().power(power)).mean(alongAxes: [3]).flattened
  }

  /// The same at length 1, of maps of any scale.
  static func direction(_ map: Tensor, _ power: Float) -> Tensor {
    map.scaleFree { places($0, power) }.normalized(alongAxis: 1)
  }

  /// The distance of one layer with p = 2, as the code has it: for methods with such a term beside their own.
  static func distance(_ student: Tensor, _ teacher: Tensor) -> Tensor {
    let (own, other) = matchedSizes(student, teacher)
    return meanSquaredError(direction(own, 2), withoutRecording { direction(other, 2) })
  }
}
