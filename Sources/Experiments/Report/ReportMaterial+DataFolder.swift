import Analysis
import Reporting
import Statistics

extension ReportMaterial {
  /// All tables of the run, to be written to its folder of tables.
  func dataFolder(of folders: ExperimentFolders, _ sections: [ReportSection]) -> DataFolder {
    DataFolder(
      title: "Tables of \(recipe.name)",
      introduction: """
        Everything that `\(MarkdownText(plain: folders.reportPath))/report.md` shows, as tidy tables. Data: \
        \(data.summary).
        """,
      files: [
        DataFolder.File("tests", "One row per finished network, on the test split.", RunTables.tests(results)),
        DataFolder.File("training", "One row per network and epoch.", RunTables.epochs(results)),
        DataFolder.File("terms", "One row per network, epoch and term of its loss.", RunTables.terms(results)),
        DataFolder.File(
          "accuracy-comparisons", "One row per student: its test accuracy against the baseline's.",
          RunTables.comparisons(comparisons)),
      ] + sections.flatMap(\.files) + RunTables.metricFiles(results) + results.participants.files + gradientFiles
        + matrixFile
        + studies.flatMap { files(of: $0) })
  }

  private var matrixFile: [DataFolder.File] {
    guard comparesProcedures else { return [] }
    return [
      DataFolder.File(
        "published-sides", "One row per layer, student, selection of images and hypothesis.", matrixTable)
    ]
  }

  private var gradientFiles: [DataFolder.File] {
    let table = RunTables.gradients(results)
    guard !table.rows.isEmpty else { return [] }
    return [
      DataFolder.File(
        "gradients", "One row per network, epoch, term and group of weights: how it pulls beside the labels.", table)
    ]
  }

  private func hypothesisFiles(_ layer: LayerStudy) -> [DataFolder.File] {
    guard layer.procedure == .fixedDistortion else { return [] }
    let (raw, adjusted) = layer.whole
    return [
      DataFolder.File(
        "\(layer.name)-hypotheses", "One row per hypothesis, student and quantity; primary ones have the verdicts.",
        HypothesisTables.results(judged(layer), sides(layer), decides: layer.layer == primary?.layer)),
      DataFolder.File(
        "\(layer.name)-gap", "One row per network, epoch and image: what is kept of the object.",
        HypothesisTables.gaps(raw: raw, adjusted: adjusted, position: layer.position)),
    ]
  }

  private func files(of layer: LayerStudy) -> [DataFolder.File] {
    let (study, counted) = (layer.study, layer.counted)
    func file(_ name: String, _ summary: MarkdownText, _ table: Table) -> DataFolder.File {
      DataFolder.File("\(layer.name)-\(name)", summary, table)
    }
    return hypothesisFiles(layer) + [
      file(
        "summary", "One row per network, threshold and quantity, per seed and over all seeds.", counted.summaryTable),
      file("curves", "One row per role, epoch, threshold and quantity of counts.", epochCurves(layer)),
      file("thresholds", "One row per role, threshold and quantity at the last epoch.", thresholdCurves(layer)),
      file("counts", "One row per network, epoch, image and threshold: concept counts.", counted.countTable),
      file("learning", "One row per network, image and threshold: when concepts were learned.", counted.learningTable),
      file("stability", "One row per network, image, threshold and measurement.", counted.stabilityTable),
      file("premise", "One row per network and epoch: where the premise holds.", study.premiseTable),
      file("distances", "One row per network and epoch: how far the weights went.", study.distanceTable),
      file(
        "maps", "One row per network, epoch and image: mean entropies, and how well they were solved.", study.mapTable),
    ]
  }
}
