import Analysis
import Reporting
import Statistics
import Support

/// One number that methods are compared by at a layer.
struct ComparedConcept {
  /// Which hypothesis it belongs to.
  let hypothesis: Hypothesis
  let symbol: String
  let unit: String
  /// The side on which a student is claimed to be.
  let expected: ClaimedSide
  /// Mean over seeds of a role, with its interval.
  let estimate: (_ role: String) -> Estimate?

  /// What an axis says.
  var title: String { "\(symbol.drawnSymbol)\(unit.isEmpty ? "" : " / \(unit)") (claimed \(expected.rawValue))" }
}

extension ComparisonMaterial {
  /// What H1, H2 and H3 are judged by at fixed distortion; as published, the paper's own quantities. What needs a course
  /// is left out where nothing but an end was measured.
  func concepts(_ layer: LayerStudy) -> [ComparedConcept] {
    hypotheses(asked: layer).flatMap { hypothesis -> [ComparedConcept] in
      guard layer.procedure == .fixedDistortion else {
        return hypothesis.publishedQuantities.map { quantity, expected in
          ComparedConcept(hypothesis: hypothesis, symbol: quantity.symbol, unit: quantity.unit, expected: expected) {
            layer.study.summary(
              of: quantity, over: layer.study.series(of: $0), threshold: ConceptStudy.publishedThreshold
            ).flatMap(\.estimate)
          }
        }
      }
      return [
        ComparedConcept(
          hypothesis: hypothesis, symbol: hypothesis.symbol, unit: hypothesis.unit, expected: hypothesis.side
        ) { role in
          let values = layer.adjusted.series(of: role).map(layer.adjusted.evidence).compactMap { evidence in
            switch hypothesis {
            case .moreConcepts: evidence.lastGap
            case .fasterLearning: evidence.halfTime
            case .steadierDirection: evidence.meanStability.flatMap { ρ in evidence.meanFloor.map { ρ - $0 } }
            }
          }
          return studentInterval(of: values, over: "seeds", within: hypothesis.range)
        }
      ]
    }
  }

  /// Those that have numbers at a layer: of one trained checkpoint, H1 alone.
  private func hypotheses(asked layer: LayerStudy) -> [Hypothesis] {
    let trained = Set(layer.study.series.flatMap(\.epochs).filter { $0 > 0 })
    return trained.count < 2 ? [.moreConcepts] : Hypothesis.allCases
  }

  /// The study that decides: the first layer at fixed distortion.
  var primary: LayerStudy? { studies.first { $0.procedure == .fixedDistortion } }

  /// Which methods teach more, faster, more directly: layer by layer.
  ///
  /// - Parameter figures: those whose names end so.
  /// - Returns: for each layer figures, what follows from them, and the table behind.
  func conceptBlocks(_ figures: (String) -> [Block]) -> [Block] {
    guard !studies.isEmpty else { return [.paragraph("Nothing was measured.")] }
    return studies.flatMap { layer -> [Block] in
      [.heading(3, "\(code: layer.name)")] + figures("-\(layer.name)") + [
        .list(taught(layer)), .details("The numbers at \(layer.name)", [.table(conceptTable(layer))]),
      ]
    }
  }

  private func conceptTable(_ layer: LayerStudy) -> ReportTable {
    let concepts = concepts(layer)
    let isPrimary = layer.name == primary?.name
    let interval = layer.procedure == .published ? "two-level bootstrap over seeds and images" : "Student t over seeds"
    let judged: MarkdownText =
      isPrimary
      ? """
       The words on H1 to H3 are against the baseline, Holm-corrected over the methods; with fewer than \
      \(PairedClaim.fewestSeeds) seeds nothing is testable.
      """ : " Nothing is judged here."
    var table = ReportTable(
      [.init("Method")]
        + concepts.map { .init("\($0.symbol)", .right, best: $0.expected == .larger ? .largest : .smallest) }
        + (isPrimary ? [.init("More (H1)"), .init("Faster (H2)"), .init("More directly (H3)")] : []),
      caption: """
        What is kept of the object at \(code: layer.layer)\(removed(layer)), mean over \(recipe.seeds.count) seeds with 95 % \
        \(interval).\(judged)
        """, name: "concepts-\(layer.name)")
    for role in ranking where layer.study.roles.contains(role) {
      let estimates = concepts.map { $0.estimate(role) }
      let verdicts = isPrimary ? Hypothesis.allCases.map { verdict($0, role) } : []
      table.append(
        [name(role)] + estimates.map { cell($0) } + verdicts.map { $0.map { "\($0.rawValue)" } ?? "–" },
        values: [nil] + estimates.map { $0?.value } + verdicts.map { _ in nil })
    }
    return table
  }

  private func removed(_ layer: LayerStudy) -> String {
    layer.procedure == .published ? ", maps as measured" : ", position removed (\(layer.position.rawValue))"
  }

  func verdict(_ hypothesis: Hypothesis, _ role: String) -> Verdict? {
    primary.flatMap { hypotheses.results[$0.name] }?.first { $0.hypothesis == hypothesis && $0.student == role }?
      .judgement.verdict
  }

  /// What follows from the verdicts, and from the means.
  private func taught(_ layer: LayerStudy) -> [MarkdownText] {
    let roles = ranking.filter { $0 != RoleName.baseline && layer.study.roles.contains($0) }
    func names(_ verdict: Verdict, _ hypothesis: Hypothesis) -> MarkdownText {
      let found = roles.filter { self.verdict(hypothesis, $0) == verdict }
      guard !found.isEmpty else { return "none" }
      return MarkdownText(markdown: found.map { MarkdownText(code: title($0)).markdown }.joined(separator: ", "))
    }
    func most(_ concept: ComparedConcept) -> MarkdownText? {
      let known = ranking.compactMap { role in concept.estimate(role).map { (role: role, value: $0.value) } }
      let ordered = known.sorted { concept.expected == .larger ? $0.value > $1.value : $0.value < $1.value }
      guard let first = ordered.first, let last = ordered.last else { return nil }
      return """
        \(MarkdownText(markdown: concept.expected == .larger ? "Largest" : "Smallest")) \(concept.symbol): \
        \(code: title(first.role)) (\(NumberFormat.significant(first.value, 3))); at the other end \
        \(code: title(last.role)) (\(NumberFormat.significant(last.value, 3)))
        """
    }
    let concepts = concepts(layer)
    return Hypothesis.allCases.map { hypothesis in
      let ends =
        concepts.first { $0.hypothesis == hypothesis }.flatMap(most).map { (found: MarkdownText) -> MarkdownText in
          " \(found)."
        } ?? ""
      guard layer.name == primary?.name else { return "**\(hypothesis.rawValue)**, \(hypothesis.claim).\(ends)" }
      return """
        **\(hypothesis.rawValue)**, \(hypothesis.claim). Supported: \(names(.supported, hypothesis)); contradicted: \
        \(names(.contradicted, hypothesis)); inconclusive: \(names(.inconclusive, hypothesis)); not testable: \
        \(names(.notTestable, hypothesis)).\(ends)
        """
    }
  }
}
