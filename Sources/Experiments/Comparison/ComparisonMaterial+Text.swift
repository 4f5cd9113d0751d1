import Analysis
import Reporting
import Statistics
import Support

extension ComparisonMaterial {
  /// What was compared, on what, and how much was spent.
  var setting: [Block] {
    let seeds = recipe.seeds.count == 1 ? "one seed" : "\(recipe.seeds.count) seeds"
    let accuracy = teacher.map { NumberFormat.percent($0.accuracy, decimals: 2) } ?? "–"
    let training = recipe.training
    var facts = ReportTable([.init("The same for all"), .init("")])
    facts.append(["Data", "\(data.summary)"])
    facts.append([
      "Teacher",
      """
      \(recipe.model(of: RoleName.teacher).name), test accuracy \(accuracy); its file has SHA-256 \
      \(code: results.teacherHash)\(results.teacherChanges.map { "; " + $0 }.joined())
      """,
    ])
    facts.append([
      "Student", "\(recipe.student.name); of one seed all begin with the same weights and see the same batches",
    ])
    facts.append([
      "Budget",
      """
      \(training.epochs) epochs of \(data.train.count) images in batches of \(training.batch); \
      \(training.rule.rawValue), learning rate \(NumberFormat.significant(training.schedule.base, 3))
      """,
    ])
    facts.append(["Repetitions", "\(seeds)"])
    return [
      .paragraph(
        """
        \(recipe.students.count) distillation methods and the baseline, which learns from labels alone. One teacher, one \
        student, one budget; each method with the weights of its paper or as its row says. No weight was tuned here.
        """),
      .table(facts),
    ]
  }

  /// What follows from the numbers, by rule.
  var findings: [MarkdownText] {
    func names(_ roles: [String]) -> MarkdownText {
      MarkdownText(markdown: roles.map { MarkdownText(code: title($0)).markdown }.joined(separator: ", "))
    }
    func sentence(_ all: AccuracyAnswers, _ reference: String) -> [MarkdownText] {
      let roles = ranking.filter { all[$0]?.judgement.difference != nil }
      guard !roles.isEmpty else { return [] }
      func with(_ verdict: AccuracyComparison.Verdict) -> [String] {
        roles.filter { all[$0].map(Self.words) == verdict }
      }
      func clause(_ verdict: AccuracyComparison.Verdict, _ words: String) -> MarkdownText {
        let roles = with(verdict)
        return "\(words): \(roles.isEmpty ? "none" : names(roles))"
      }
      return [
        """
        Against \(code: reference), of \(roles.count) \(roles.count == 1 ? "method" : "methods"), \
        \(clause(.better, "better")); \(clause(.worse, "worse")); \
        \(clause(.noDifferenceShown, "no difference shown")).
        """
      ]
    }
    let behind = ranking.filter { toPlain[$0].map { $0.bySeeds.difference.value <= 0 } ?? false }
    var items = sentence(accuracies.toPlain, Recipe.plainMethod) + sentence(accuracies.toBaseline, RoleName.baseline)
    if !behind.isEmpty {
      items.append(
        """
        Mean accuracy not above plain \(code: Recipe.plainMethod)'s: \(names(behind)).
        """)
    }
    items += results.tests.overflows
    if recipe.seeds.count < 3 {
      items.append("With fewer than three seeds nothing can be shown.")
    }
    return items + faithful
  }

  /// Which methods are nearest to the teacher, and whether that is where accuracy is.
  private var faithful: [MarkdownText] {
    let roles = ranking.filter { estimate(.agreement, $0) != nil }
    guard
      let nearest = roles.max(by: { (estimate(.agreement, $0)?.value ?? 0) < (estimate(.agreement, $1)?.value ?? 0) }),
      let best = ranking.first, let agreement = estimate(.agreement, nearest)
    else { return [] }
    let same =
      nearest == best ? "which is also the most accurate" : "the most accurate is \(code: title(best))" as MarkdownText
    return [
      """
      Agrees with the teacher most often: \(code: title(nearest)) (\(NumberFormat.percent(agreement))); \(same).
      """
    ]
  }

  /// What a reader must not take from this report.
  var limits: [MarkdownText] {
    [
      """
      One data set (\(recipe.data.set)), one teacher, one pair of architectures (\(recipe.model(of: RoleName.teacher).name) → \
      \(recipe.student.name)), one budget: another pair or a longer training may rank the methods otherwise.
      """,
      """
      The weights are those that papers give, mostly for CIFAR-100 with 240 epochs, or as asked for; none was tuned \
      for these data. A method that is behind here may be ahead with another weight.
      """,
      """
      “No difference shown” is not “no difference”: \(recipe.seeds.count) seeds find large differences only, and the \
      correction for \(recipe.students.count) methods asks more of each. The intervals say how large a difference may be.
      """,
      """
      Times were taken on a machine that may have done other work, a kd training at another moment than the others. \
      Memory is what tensors hold; the library's own buffers come on top.
      """,
    ]
      + (recipe.analysis.measures
        ? [
          """
          A “concept” is a cell of a \(recipe.analysis.grid)×\(recipe.analysis.grid) grid on which small Gaussian noise \
          moves the feature more than on the background, not a semantic part.
          """
        ] : [])
  }

  /// How it was done.
  var method: [MarkdownText] {
    [
      """
      **Pairing.** A difference is taken between networks of one seed, which begin with the same weights and see the \
      same batches. Interval: 95 % Student t over seeds, cut where the \
      quantity ends (an accuracy at 0 and 100 %). Verdict: paired t test over seeds, Holm-corrected over the \
      methods, at 0.05; tests over images stand in `comparisons.csv`.
      """,
      """
      **Budget.** \(budgetSentence)
      """,
      """
      **Best epoch.** The weights of the first epoch with the best development accuracy, asked on the test split \
      once; everything else is of the last epoch.
      """,
      """
      **Label weight.** The cross-entropy with the labels has the weight that a method's entry names (\(code: "kd") \
      and \(code: "logit-std"): 0.1), else the recipe's \(code: "labels.weight") (1 unless given), else what \
      \(code: "labels=") says.
      """,
    ]
      + (recipe.analysis.measures
        ? [
          """
          **Concepts.** As \(code: "kdscope run") measures them: \(recipe.analysis.probeImages) development images, a \
          \(recipe.analysis.grid)×\(recipe.analysis.grid) grid, distortion \
          \(NumberFormat.significant(recipe.analysis.distortion, 2)), without what a cell's position alone decides. g: mean \
          entropy of the background's cells − of the object's; t½: share of the baseline's steps at which g reaches half \
          of its own maximum; ρ − ρ_floor: share of all concepts ever learned that are there at the end, above that of \
          noise alone. After Cheng, Rao, Chen and Zhang, CVPR 2020.
          """
        ] : [])
  }

  /// The loss of every row.
  var lossTable: ReportTable {
    var table = ReportTable(
      [.init("Row"), .init("Labels", .right), .init("Terms")], caption: "What every row learns from.", name: "losses")
    table.append(["baseline", "1", "none"])
    for role in ranking {
      guard let student = recipe.students.first(where: { $0.name == role }) else { continue }
      let terms = student.terms.map { term in
        let options = term.options.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return "\(NumberFormat.significant(term.weight, 3)) × \(term.method)"
          + (options.isEmpty ? "" : " (\(options.joined(separator: ", ")))")
      }
      table.append([
        "\(title(role))", "\(NumberFormat.significant(student.labelWeight, 3))",
        "\(terms.joined(separator: " + "))",
      ])
    }
    return table
  }
}
