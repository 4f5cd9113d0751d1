import Analysis
import Reporting
import Statistics

extension ReportMaterial {
  /// Paper beside here: on which side Cheng et al. (CVPR 2020) have the student, what this run finds by the same
  /// quantities, and the settings that differ.
  var paperBlocks: [Block] {
    let layers = studies.filter { $0.procedure == .published && $0.selection == nil && !published($0).isEmpty }
    let beside: [Block] = layers.isEmpty ? [] : [.table(besideTable(layers))]
    return [.heading(3, "Paper beside here")] + beside + [.table(settingsTable)]
  }

  private func besideTable(_ layers: [LayerStudy]) -> ReportTable {
    let places = layers.flatMap { layer in
      students.filter { student in published(layer).contains { $0.student == student } }
        .map { (layer: layer, student: $0) }
    }
    var table = ReportTable(
      [.init("Hypothesis"), .init("Quantity"), .init("Paper")]
        + places.map { .init("\(code: $0.layer.layer)\(students.count > 1 ? ", \($0.student)" : "")") },
      caption: """
        Student − baseline by the paper's quantities and procedure, all images. Paper: the sign that it claims; its numbers \
        are of other networks and pictures and are not put beside these. Here: mean over \(recipe.seeds.count) \
        \(recipe.seeds.count == 1 ? "seed" : "seeds") with its 95 % Student t interval; “same” and “opposite” are said where the interval \
        lies on one side of zero, “open” where it holds zero. Nothing is judged by them: an untrained network has such \
        counts too.
        """, name: "paper")
    for hypothesis in Hypothesis.allCases {
      for (quantity, expected) in hypothesis.publishedQuantities {
        table.append(
          [
            "\(hypothesis.rawValue)", "\(quantity.symbol)\(quantity.unit.isEmpty ? "" : " (\(quantity.unit))")",
            expected == .larger ? "> 0" : "< 0",
          ]
            + places.map { place in
              published(place.layer).first { $0.student == place.student && $0.comparison.quantity == quantity }
                .map { besideCell($0.comparison.differenceOverSeeds, expected) } ?? "–"
            })
      }
    }
    return table
  }

  private func besideCell(_ difference: Estimate?, _ expected: ClaimedSide) -> MarkdownText {
    guard let difference else { return "–" }
    let word =
      switch difference.sign {
      case 0: "open"
      case 1: expected == .larger ? "same" : "opposite"
      default: expected == .smaller ? "same" : "opposite"
      }
    return "\(word), \(NumberFormat.estimate(difference))"
  }

  /// Where the run is otherwise than the paper.
  private var settingsTable: ReportTable {
    let (analysis, published) = (recipe.analysis, recipe.analysis.published)
    let steps = "\(published.draws) draws, \(published.steps) + \(published.extraSteps) steps"
    let methods = recipe.students.map { title($0.name) }.joined(separator: "; ")
    var table = ReportTable(
      [.init("Setting"), .init("Paper and its code"), .init("Here")],
      caption: "What differs between the paper and this run; rows that agree are shown too.", name: "settings")
    let rows: [(String, String, String)] = [
      (
        "Images", "224×224 pixels",
        "\(recipe.data.set), \(data.train.height)×\(data.train.width) pixels, \(data.train.count) for training"
      ),
      ("Teacher", "begins with ImageNet weights", teacherName.map { "\($0), \(teacherOrigin)" } ?? "none"),
      ("Student", "the teacher's architecture", recipe.student.name),
      ("Distillation", "L2 between features of one layer, then a classifier", methods),
      ("Training", "150 epochs", "\(recipe.training.epochs) epochs"),
      ("Measured checkpoints", "15", "\(recipe.measuredEpochs(.published).count)"),
      ("Images measured", "at most 50 of 500", "at most \(analysis.probeImages) of \(published.candidates)"),
      ("Grid", "16×16 cells", "\(analysis.grid)×\(analysis.grid) cells"),
      ("Entropy", "96 draws, 60 + 20 steps", steps),
      (
        "Weight λ of the entropy", "7 for VGG and AlexNet, 6 for ResNets",
        NumberFormat.significant(analysis.publishedSettings(for: recipe.student.name).weight, 2)
      ),
      ("Seeds", "1", "\(recipe.seeds.count)"),
    ]
    for (setting, paper, here) in rows { table.append(["\(setting)", "\(paper)", "\(here)"]) }
    return table
  }
}
