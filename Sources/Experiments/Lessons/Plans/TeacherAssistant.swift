import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// Which assistant, which chain? Every way down a ladder of networks is trained, and the best way that dynamic programming
/// finds is held against the best of all (Mirzadeh et al., AAAI 2020, section 4).
enum TeacherAssistant: LessonPlan {
  static let entry = CatalogEntry(
    "teacher-assistant", "Which assistants should stand between a large teacher and a small student?",
    paper: "Mirzadeh et al., Improved Knowledge Distillation via Teacher Assistant, AAAI 2020")

  static let aim: MarkdownText = """
    You know afterwards what a chain of assistants costs, what dynamic programming over chains takes for granted, and what \
    it takes to say that one chain is better than another.
    """

  static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "Does an assistant help the student? Which one: one near to the teacher, or one near to the student?",
      look: "The planned difference \(code: "assistant"), and *Every way down the ladder*, left."),
    LessonPrediction(
      "Does the longest chain make the best student?",
      look: "The planned difference \(code: "whole-ladder")."),
    LessonPrediction(
      "Is the best chain the one that keeps, at every size, only the best network of that size?",
      look: "The last section: the way that dynamic programming finds, and the best of all."),
  ]

  static let design: MarkdownText = """
    A ladder of plain networks from the largest teacher down to the student. Every network learns from the one before it \
    on its way; every way from the top to the student is trained, for every seed. All learn for the same number of epochs.
    """

  /// The ladder from the top to the student.
  static func ladder(_ level: LessonLevel) -> [Int] {
    level.choose([8, 6, 4, 2], [10, 8, 6, 4, 2], [10, 8, 6, 4, 2])
  }

  /// The network at the end of a way: `8`, `8-6`; the student's begin with `s`.
  static func name(_ way: [Int], on ladder: [Int]) -> String {
    let rungs = way.map { ladder[$0] }
    return way.last == ladder.count - 1
      ? "s-" + rungs.dropLast().map(String.init).joined(separator: "-")
      : "n-" + rungs.map(String.init).joined(separator: "-")
  }

  static func recipe(at level: LessonLevel) -> String {
    let ladder = ladder(level)
    let ways = LadderWays.ends(rungs: ladder.count)
    let models = ladder.map { LessonRecipe.model("plain\($0)", at: level) }
    let line = { (way: [Int]) -> String in
      let teacher = name(Array(way.dropLast()), on: ladder)
      let model = way.last == ladder.count - 1 ? "" : "model: \(models[way[way.count - 1]]), "
      return "  \(name(way, on: ladder)): { \(model)teacher: \(teacher), \(LessonRecipe.kd()) }"
    }
    let inner = ways.filter { $0.count > 1 && $0.last != ladder.count - 1 }
    return """
      \(LessonRecipe.data(at: level, train: level.choose(2000, 3000, 6000), test: level.choose(1000, 2000, 4000)))
      teacher: { model: \(models[0]) }
      student: { model: \(models[ladder.count - 1]) }
      assistants:
        n-\(ladder[0]): { model: \(models[0]), \(LessonRecipe.alone) }
      \(inner.map(line).joined(separator: "\n"))
      students:
      \(ways.filter { $0.last == ladder.count - 1 }.map(line).joined(separator: "\n"))
      \(LessonRecipe.training(epochs: level.choose(12, 16, 24)))
      analysis: none
      seeds: \(level.choose(4, 5, 8))

      """
  }

  static func claims(at level: LessonLevel) -> [LessonClaim] {
    let ladder = ladder(level)
    let direct = name([0, ladder.count - 1], on: ladder)
    return [
      LessonClaim("teaching", "the largest teacher helps at all", direct, against: RoleName.baseline),
      LessonClaim(
        "assistant", "one assistant, the smallest, is better than none",
        name([0, ladder.count - 2, ladder.count - 1], on: ladder), against: direct),
      LessonClaim(
        "whole-ladder", "the whole ladder is better than the leap",
        name(Array(ladder.indices), on: ladder), against: direct),
    ]
  }

  /// Share of development images at the end, mean over seeds, of the network at the end of a way.
  private static func score(_ material: LessonMaterial, seed: Int? = nil) -> ([Int]) -> Double {
    let ladder = ladder(material.level)
    return { way in
      let own = material.histories.filter {
        $0.role == name(way, on: ladder) && (seed == nil || $0.seed == seed)
      }
      return mean(of: own.compactMap { $0.history.epochs.last?.developmentAccuracy }) ?? 0
    }
  }

  static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let ladder = ladder(material.level)
    let students = LadderWays.ends(rungs: ladder.count).filter { $0.last == ladder.count - 1 }
    let names = students.map { name($0, on: ladder) }
    let all = LadderWays.best(rungs: ladder.count, by: score(material))
    let dynamic = LadderWays.dynamic(rungs: ladder.count, by: score(material))
    let alike = material.seeds.count { seed in
      LadderWays.best(rungs: ladder.count, by: score(material, seed: seed)).way
        == LadderWays.dynamic(rungs: ladder.count, by: score(material, seed: seed)).way
    }
    func words(_ way: [Int]) -> MarkdownText { MarkdownText(code: name(way, on: ladder)) }
    func accuracy(_ way: [Int]) -> String {
      material.estimate(.accuracy, name(way, on: ladder)).map { NumberFormat.percent($0) } ?? "–"
    }
    let picture = ReportPicture(
      name: "ways",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [
          [
            material.rows(.accuracy, [RoleName.baseline] + names, reference: name([0, ladder.count - 1], on: ladder)),
            material.rows(.agreement, names),
          ]
        ], rowHeight: 30 + 8 * Double(names.count), showsLegend: false),
      alternative: "Test accuracy, and agreement with its own teacher, of the student of every way",
      caption: """
        The student at the end of every way; the line is the student that the largest teacher taught directly. \
        Intervals: 95 % Student t over seeds. **Look for** ways whose interval lies beyond the line, and for whether more \
        rungs mean more agreement with the last teacher.
        """)
    return [
      LessonSection(
        title: "Every way down the ladder",
        before: [material.ownLead(name([0], on: ladder), over: RoleName.baseline)], pictures: [picture],
        after: [
          .table(
            material.valueTable(
              [.accuracy, .agreement, .calibrationError],
              [RoleName.baseline] + names + material.recipe.assistants.map(\.name)))
        ]),
      LessonSection(
        title: "The best way, by dynamic programming and by trying all",
        before: [
          .list([
            """
            Trying all \(students.count) ways takes \(all.trainings) trainings a seed behind the top's. By development \
            accuracy, mean over seeds, the best is \(words(all.way)), with a test accuracy of \(accuracy(all.way)).
            """,
            """
            Dynamic programming goes down the ladder and keeps, at every size, only the network with the best development \
            accuracy as a teacher of the smaller ones: \(dynamic.trainings) trainings. It finds \(words(dynamic.way)), \
            with \(accuracy(dynamic.way)): \(dynamic.way == all.way ? "the same way" : "another way").
            """,
            "Seed by seed both choose the same way in \(alike) of \(material.seeds.count).",
            """
            What it takes for granted: that the better of two teachers of one size makes the better student. Where that \
            does not hold, it misses the best way.
            """,
          ])
        ]),
    ]
  }

  static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    let rungs = ladder(material.level).count
    return [
      LessonQuestion(
        "How many trainings do all ways take on a ladder of ten networks, and how many does dynamic programming?",
        answer: """
          The network of rung j (the top is 0) is at the end of 2^(j−1) ways: together 2^9 − 1 = 511 trainings behind \
          the top's. Dynamic programming trains each rung once under each larger one: 45. Here: \
          \((1 << (rungs - 1)) - 1) and \(rungs * (rungs - 1) / 2).
          """),
      LessonQuestion(
        "The best way was chosen by development accuracy. Why not by test accuracy?",
        answer: """
          The largest of several test accuracies is too large on average: chance that helps to be chosen counts. Chosen on \
          other images, the test accuracy of the chosen way is an honest one.
          """),
      LessonQuestion(
        "Suppose a chain of two assistants beats the leap by one point. Name a cheaper explanation than knowledge.",
        answer: """
          More computing: two more trainings. A fair rival has the same budget, such as a longer training of the student, \
          or assistants that learned from labels alone.
          """),
    ]
  }

  static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    [
      LessonCommandLine(
        "The figure for a paper",
        "\(programName) plot \(material.folders.reportPath)/figures/ways.csv --style paper --width 180mm")
    ]
  }
}
