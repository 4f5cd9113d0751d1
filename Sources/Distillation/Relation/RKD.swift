import NeuralNetworks
import Support
import Tensors

/// Relational knowledge distillation (Park, Kim, Lu & Cho, CVPR 2019, arXiv 1904.05068, eq. 5 and 8): distances between
/// images, and the angles that triples of them form.
///
/// Distances: smooth L1 between ‖x_i − x_j‖ / mean distance, mean over B² with the zero diagonal. Angles: smooth L1 between
/// the cosines at vertex i of (j, k), mean over B³ with the degenerate triples. Gradients flow through the student's mean
/// distance. The order of the neighbours, ``HardDarkRank``, can be added as in the authors' code.
///
/// The mean is that of the authors' code (lenscloth/RKD, and RepDistiller's copy of it): over the entries that are above 0,
/// after every one off the diagonal has been raised to 1e-6. So all B(B − 1) pairs count, an image that is twice in the
/// batch too, with a distance of 1e-6 and no gradient; the paper's eq. 7 has all pairs as well. Angles at a vertex that
/// coincides with another image have the cosine 0.
public enum RKD: EmbeddingFormula {
  /// `rkd`.
  public static let entry = CatalogEntry(
    "rkd", "distances and angles between the embeddings of a batch",
    paper: "Park, Kim, Lu & Cho, Relational Knowledge Distillation, CVPR 2019",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2019"), StepPart.fact(.features),
      (key: "needs", value: "a vector of each network, of any width; at least 2 images, 3 for angles"),
      (key: "formula", value: "w_D smoothL1(d_s/μ_s, d_t/μ_t) + w_A smoothL1(cos_s, cos_t)"),
      (key: "recipe", value: "- { method: rkd, distance-weight: 25, angle-weight: 50, weight: 1 }"),
    ],
    options: [distanceWeight.option, angleWeight.option, angle.option, squared.option, darkRankWeight.option]
      + HardDarkRank.options)
  private static let distanceWeight = OptionKey.number(
    "distance-weight", 0...1e6, default: 25, "weight of the distances")
  private static let angleWeight = OptionKey.number("angle-weight", 0...1e6, default: 50, "weight of the angles")
  private static let angle = OptionKey.flag("angle", default: true, "whether angles are taken: B²·D values")
  private static let squared = OptionKey.flag("squared", default: false, "whether the distances are squared")
  private static let darkRankWeight = OptionKey.number(
    "dark-rank-weight", 0...1e6, default: 0, "weight of the neighbours' order, hard-dark-rank")

  /// Terms `distance`, `angle`, and `dark-rank` where it has a weight.
  public static func terms(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> [LossTerm] {
    let (pairs, isSquared) = (PairDistances(options), options[Self.squared])
    func relative(_ x: Tensor) -> Tensor {
      let (table, count) = (isSquared ? pairs.squares(x) : pairs.lengths(x), x.shape[0])
      return table / (table.sum() / Float(max(1, count * (count - 1))))
    }
    var terms = [
      LossTerm(
        "distance", smoothL1(relative(student), withoutRecording { relative(teacher) }),
        weight: Float(options[Self.distanceWeight]))
    ]
    if options[Self.angle] {
      terms.append(
        LossTerm(
          "angle", smoothL1(angles(student), withoutRecording { angles(teacher) }),
          weight: Float(options[Self.angleWeight])))
    }
    let rankWeight = options[Self.darkRankWeight]
    if rankWeight > 0 {
      terms.append(LossTerm("dark-rank", HardDarkRank.value(student, teacher, options), weight: Float(rankWeight)))
    }
    return terms
  }

  /// cos of the angle at i between j and k: [B, B, B], 0 where two of them are the same place.
  private static func angles(_ x: Tensor) -> Tensor {
    let (count, width) = (x.shape[0], x.shape[1])
    let edges = x.reshaped([1, count, width]) - x.reshaped([count, 1, width])
    let directions = edges.normalized(alongAxis: 2)
    return batchedMatrixProduct(directions, directions, transposesSecond: true)
  }
}
