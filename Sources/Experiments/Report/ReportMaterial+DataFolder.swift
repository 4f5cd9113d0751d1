import Analysis
import Reporting
import Statistics

extension ReportMaterial {
  /// All tables of the run, to be written to `notebooks-data/NAME`.
  var dataFolder: DataFolder {
    DataFolder(
      title: "Tables of \(recipe.name)",
      introduction: """
        Everything that `reports/\(MarkdownText(plain: recipe.name))/report.md` shows, as tidy tables. Data: \
        \(data.summary).
        """,
      files: [
        DataFolder.File("tests", "One row per finished network, on the test split.", RunTables.tests(results)),
        DataFolder.File("training", "One row per network and epoch.", RunTables.epochs(results)),
        DataFolder.File("terms", "One row per network, epoch and term of its loss.", RunTables.terms(results)),
      ] + matrixFile + studies.flatMap { files(of: $0) })
  }

  private var matrixFile: [DataFolder.File] {
    guard comparesProcedures else { return [] }
    return [
      DataFolder.File(
        "verdict-matrix", "One row per layer, student, procedure, selection of images and hypothesis.", matrixTable)
    ]
  }

  private func files(of layer: LayerStudy) -> [DataFolder.File] {
    let study = layer.study
    func file(_ name: String, _ summary: MarkdownText, _ table: Table) -> DataFolder.File {
      DataFolder.File("\(layer.name)-\(name)", summary, table)
    }
    return [
      file(
        "verdicts", "One row per hypothesis, quantity, student and threshold.",
        ConceptStudy.verdictTable(hypotheses(layer))),
      file("summary", "One row per network, threshold and quantity, per seed and over all seeds.", study.summaryTable),
      file("curves", "One row per role, epoch, threshold and quantity of counts.", study.curveTable),
      file("thresholds", "One row per role, threshold and quantity at the last epoch.", study.thresholdTable()),
      file("counts", "One row per network, epoch, image and threshold: concept counts.", study.countTable),
      file("learning", "One row per network, image and threshold: when concepts were learned.", study.learningTable),
      file("stability", "One row per network, image, threshold and measurement.", study.stabilityTable),
      file("premise", "One row per network and epoch: where the premise holds.", study.premiseTable),
      file("distances", "One row per network and epoch: how far the weights went.", study.distanceTable),
      file(
        "maps", "One row per network, epoch and image: mean entropies, and how well they were solved.", study.mapTable),
    ]
  }
}
