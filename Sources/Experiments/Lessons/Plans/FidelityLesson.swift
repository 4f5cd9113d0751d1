import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// Does the student do what its teacher does? Students that could match their teacher, being the same network (Stanton et
/// al., NeurIPS 2021).
package enum FidelityLesson: LessonPlan {
  package static let entry = CatalogEntry(
    "fidelity", "Does a student really match its teacher?",
    paper: "Stanton et al., Does Knowledge Distillation Really Work?, NeurIPS 2021")

  package static let aim: MarkdownText = """
    You know afterwards how agreement with a teacher is measured, how much of it two networks have by being right alone, and \
    why a student that copies less can be the better one.
    """

  package static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "Student and teacher are the same kind of network. On what share of test pictures will they agree after distillation?",
      look: "The table, agreement: both students."),
    LessonPrediction(
      "How much of that agreement has a network that never saw this teacher, and learned from labels alone?",
      look: "The same column: the baseline."),
    LessonPrediction(
      "Where the teacher is wrong: how often does the student repeat just that mistake?",
      look: "The table, mistakes repeated."),
  ]

  package static let design: MarkdownText = """
    The teacher is a plain network with four convolutions, and so are its students: they have all that it takes to match \
    it. One learns from its softened answers alone, one from labels besides. The baseline is the same network on labels \
    alone; teacher and baseline began with other weights and saw other batches, so that what they share nobody has taught.
    """

  package static let arms = ["answers-alone", "with-labels"]

  package static func recipe(at level: LessonLevel) -> String {
    """
    \(LessonRecipe.data(at: level, train: level.choose(2000, 4000, 10_000), test: level.choose(1500, 2500, 4000)))
    teacher: { model: plain4 }
    student: { model: plain4 }
    assistants:
      tutor: { model: plain4, apart: true, \(LessonRecipe.alone) }
    students:
      answers-alone: { teacher: tutor, \(LessonRecipe.kd(labels: 0)) }
      with-labels: { teacher: tutor, \(LessonRecipe.kd(labels: 0.5)) }
    \(LessonRecipe.training(epochs: level.choose(10, 16, 40)))
    analysis: none
    seeds: \(level.choose(5, 8, 8))

    """
  }

  package static func claims(at level: LessonLevel) -> [LessonClaim] {
    [
      LessonClaim(
        "copying", "without labels the student agrees more often with its teacher", of: .agreement, "answers-alone",
        against: "with-labels"),
      LessonClaim("worth", "and is right more often, too", "answers-alone", against: "with-labels"),
    ]
  }

  /// What a network shares with the teacher: agreement, KL, agreement where both are wrong, and the share of the
  /// teacher's mistakes that it repeats.
  private static func shared(_ material: LessonMaterial, _ role: String, _ value: (Predictions, Predictions) -> Double?)
    -> Estimate?
  {
    studentInterval(
      of: material.seeds.compactMap { seed in
        material.answers(role, seed: seed).flatMap { own in
          material.answers("tutor", seed: seed).flatMap { value(own, $0) }
        }
      }, over: "seeds")
  }

  /// Share of the teacher's mistakes in which a network chooses the same wrong class; nil where it makes none.
  package static func repeatedMistakes(_ own: Predictions, _ teacher: Predictions) -> Double? {
    let wrong = teacher.labels.indices.filter { teacher.choices[$0] != teacher.labels[$0] }
    guard !wrong.isEmpty else { return nil }
    return Double(wrong.count { own.choices[$0] == teacher.choices[$0] }) / Double(wrong.count)
  }

  package static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let roles = [RoleName.baseline] + arms
    let measures: [(title: String, scale: Double, value: (Predictions, Predictions) -> Double?)] = [
      ("agreement with the teacher / %", 100, { Fidelity($0, to: $1).agreement }),
      ("teacher's mistakes repeated / %", 100, repeatedMistakes),
      ("KL(teacher, network) / nats", 1, { Fidelity($0, to: $1).divergence }),
    ]
    var table = ReportTable(
      [.init("Arm")] + measures.map { .init(MarkdownText(plain: $0.title), .right) } + [
        .init("Test accuracy / %", .right)
      ],
      caption: "What each network shares with the teacher; mean over \(material.seeds.count) seeds, 95 % Student t.",
      name: "shared")
    for role in roles {
      table.append(
        [MarkdownText(code: role)]
          + measures.map { measure in
            shared(material, role, measure.value).map { "\(NumberFormat.estimate($0, scale: measure.scale))" } ?? "–"
          } + [material.estimate(.accuracy, role).map { "\(NumberFormat.estimate($0, scale: 100))" } ?? "–"])
    }
    let panels = measures.map { measure -> Panel in
      let rows = roles.map { role in
        Intervals.Row(
          role, shared(material, role, measure.value), scale: measure.scale, look: material.look(role))
      }
      return .chart(
        Chart(
          x: Axis(measure.title), y: Axis(""),
          marks: [.intervals(Intervals(rows: rows, look: RoleLook.student(0), reference: nil))]))
    }
    let picture = ReportPicture(
      name: "shared",
      figure: Figure(width: Figure.twoColumns, panels: [panels], rowHeight: 55, showsLegend: false),
      alternative: "Agreement, repeated mistakes and KL of baseline and students",
      caption: """
        What baseline and students share with the teacher on test pictures. Intervals: 95 % Student t over seeds. **Look \
        for** the part of a student's agreement that the baseline has, too: only what is above it was transferred.
        """)
    return [LessonSection(title: "What is shared with the teacher", pictures: [picture], after: [.table(table)])]
  }

  package static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    [
      LessonQuestion(
        "Two networks are right on 80 % of the pictures each. Between which bounds does their agreement lie?",
        answer: """
          At least 60 %, since they can be wrong on different pictures; at most 100 %. Being right alone makes networks \
          agree, which is why agreement has to be held against the baseline's.
          """),
      LessonQuestion(
        "Why are the teacher's mistakes the place to look for copying?",
        answer: """
          Where the teacher is right, agreeing can mean copying or being right. The very same mistake is hard to come by \
          otherwise, although pictures that are hard for all networks give some of it to the baseline, too.
          """),
      LessonQuestion(
        "The student has every weight that it needs to match its teacher, and does not. What keeps it?",
        answer: """
          Optimisation and data: the loss has not reached its least value after so few steps, and it says nothing of \
          pictures outside of the training split. Stanton et al. find the first even after very long trainings.
          """),
    ]
  }

  package static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    [
      LessonCommandLine(
        "The figure for a paper",
        "\(programName) plot \(material.folders.reportPath)/figures/shared.csv --style paper --width 180mm")
    ]
  }
}
