import Analysis
import Foundation
import Statistics
import Support

/// What came out of a run, short enough to be read at its end; the report says why.
public struct RunOutcome: Sendable {
  /// What one network does on the test split.
  public struct Network: Sendable {
    /// `teacher`, `baseline` or the name of a student.
    public let role: String
    /// What the report calls it.
    public let title: String
    /// Mean test accuracy over seeds, in [0, 1].
    public let accuracy: Estimate
    /// A student's − ``reference``'s, paired by seed; nil for a network that is held against none.
    public let difference: Estimate?
    /// What may be said of that difference.
    public let verdict: String?
    /// What it is held against.
    public let reference: String?
  }

  /// A verdict on one hypothesis about concepts.
  public struct Concepts: Sendable {
    /// The layer, and how it was measured where there are several ways.
    public let layer: String
    /// Name of the student.
    public let student: String
    /// H1, H2 or H3.
    public let hypothesis: String
    /// The verdict on it.
    public let verdict: String
  }

  /// The report's file.
  public let report: URL
  /// Teacher, baseline and students; of a comparison the teacher, then the ranking.
  public let networks: [Network]
  /// Empty where nothing was measured.
  public let concepts: [Concepts]
  /// Trainings that diverged, and what the report is without for it.
  public internal(set) var leftOut: [LeftOutTraining] = []
}

extension ReportMaterial {
  /// What the run says in short.
  func outcome(report: URL) -> RunOutcome {
    RunOutcome(
      report: report,
      networks: roles.compactMap { role in
        overSeeds(role, within: QuantityRange.share) { $0.accuracy }.map { accuracy in
          let comparison = comparisons.first { $0.student == role }
          return RunOutcome.Network(
            role: role, title: title(role), accuracy: accuracy, difference: comparison?.bySeeds.difference,
            verdict: comparison?.verdict.rawValue, reference: comparison.map { _ in RoleName.baseline })
        }
      }, concepts: RunOutcome.concepts(of: primary, primary.map(judged)))
  }
}

extension ComparisonMaterial {
  /// What the comparison says in short.
  func outcome(report: URL) -> RunOutcome {
    let first = teacher.flatMap { teacher in
      studentInterval(of: [teacher.accuracy], over: "seeds").map {
        RunOutcome.Network(
          role: RoleName.teacher, title: RoleName.teacher, accuracy: $0, difference: nil, verdict: nil, reference: nil)
      }
    }
    let rows = ranking.compactMap { role in
      estimate(.accuracy, role).map { accuracy in
        let comparison = toPlain[role]
        return RunOutcome.Network(
          role: role, title: title(role), accuracy: accuracy, difference: comparison?.bySeeds.difference,
          verdict: verdictToPlain(role)?.rawValue, reference: comparison.map { _ in Recipe.plainMethod })
      }
    }
    return RunOutcome(
      report: report, networks: (first.map { [$0] } ?? []) + rows,
      concepts: RunOutcome.concepts(of: primary, primary.flatMap { hypotheses.results[$0.name] }))
  }
}

extension RunOutcome {
  /// The verdicts at the layer that decides; none where there is no such layer.
  fileprivate static func concepts(of layer: LayerStudy?, _ results: [HypothesisResult]?) -> [Concepts] {
    guard let layer, let results else { return [] }
    return results.map {
      Concepts(
        layer: layer.name, student: $0.student, hypothesis: $0.hypothesis.rawValue,
        verdict: $0.judgement.verdict.rawValue)
    }
  }
}
