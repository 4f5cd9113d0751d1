import Analysis
import Statistics
import Support

/// One of the paper's quantities, student against baseline.
typealias PublishedComparison = (hypothesis: Hypothesis, student: String, comparison: ConceptComparison)

/// What follows for H1, H2 and H3 from all that was measured, by the name of the study.
struct HypothesisMaterial {
  /// At fixed distortion.
  private(set) var results: [String: [HypothesisResult]] = [:]
  /// What is compared beside them.
  private(set) var sides: [String: [SideComparison]] = [:]
  /// The paper's quantities, by its own procedure.
  private(set) var published: [String: [PublishedComparison]] = [:]

  /// - Parameters:
  ///   - recipe: names the students.
  ///   - studies: all that was measured.
  ///   - tests: what the networks can do on the test split.
  init(_ recipe: Recipe, _ studies: [LayerStudy], _ tests: [TestResult]) {
    let skills = tests.filter { $0.role != RoleName.teacher }.compactMap(\.skill)
    for layer in studies {
      let students = recipe.students.map(\.name).filter { layer.study.roles.contains($0) }
      guard layer.procedure == .fixedDistortion else {
        var compared: [PublishedComparison] = []
        for student in students {
          for hypothesis in Hypothesis.allCases {
            for (quantity, expected) in hypothesis.publishedQuantities {
              let comparison = layer.study.comparison(
                of: quantity, student: student, baseline: RoleName.baseline, threshold: ConceptStudy.publishedThreshold,
                expected: expected)
              compared.append((hypothesis: hypothesis, student: student, comparison: comparison))
            }
          }
        }
        published[layer.name] = compared
        continue
      }
      results[layer.name] = HypothesisJudge(layer.adjusted.evidence, skills: skills).results(students)
      let comparisons = SideComparisons(raw: layer.study, adjusted: layer.adjusted)
      sides[layer.name] = students.flatMap(comparisons.all)
    }
  }
}

extension TestResult {
  /// Whether the network is better than the most frequent class; nil without images.
  var skill: NetworkSkill? {
    let rights = predictions.isRight
    let counts = predictions.labels.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    guard let accuracy = wilsonInterval(rights.count { $0 }, of: rights.count), let most = counts.values.max() else {
      return nil
    }
    return NetworkSkill(role: role, seed: seed, accuracy: accuracy, chance: Double(most) / Double(rights.count))
  }
}
