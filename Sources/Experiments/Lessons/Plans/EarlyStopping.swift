import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// Is a teacher better when it is stopped early? One teacher at several moments of its training (Cho & Hariharan, ICCV
/// 2019, section 4).
enum EarlyStopping: LessonPlan {
  static let entry = CatalogEntry(
    "early-stopping", "Is a teacher better when its training is stopped early?",
    paper: "Cho & Hariharan, On the Efficacy of Knowledge Distillation, ICCV 2019")

  static let aim: MarkdownText = """
    You know afterwards how a teacher's accuracy, its confidence and its usefulness part ways during its training.
    """

  static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "The teacher gets better from epoch to epoch. Do its students, taught at that moment, get better with it?",
      look: "*From moment to moment*, left: the students' line beside the teacher's."),
    LessonPrediction(
      "A teacher after one epoch is poor. Is its student worse than one that learns from labels alone?",
      look: "The same panel, at its left end, against the baseline's line."),
    LessonPrediction(
      "At which moment are the teacher's answers softest, and at which do its students agree with it most?",
      look: "The right panel has the entropy of the targets, the middle one the agreement."),
  ]

  static let design: MarkdownText = """
    A plain network with six convolutions learns from labels, for every seed; its weights are kept at several moments. Each \
    student, of two convolutions, learns from the teacher as it was at one of them, and for as long as all others. The \
    learning rate falls in two steps and not as a cosine, so that an early moment is one of an unfinished training.
    """

  /// Moments of the teacher, the last one its end.
  private static func epochs(_ level: LessonLevel) -> [Int] {
    level.choose([1, 2, 4, 8], [1, 2, 6, 8, 12], [1, 3, 6, 15, 24, 30])
  }

  /// The moment that was planned to be compared.
  private static func planned(_ level: LessonLevel) -> Int { level.choose(4, 6, 15) }

  private static func name(_ epoch: Int) -> String { "at-\(epoch)" }

  static func moments(at level: LessonLevel) -> [LessonMoment] {
    LessonMoment.within(epochs(level), ["tutor"])
  }

  static func recipe(at level: LessonLevel) -> String {
    let epochs = epochs(level)
    let students = epochs.map {
      "  \(name($0)): { teacher: { by: tutor, epoch: \($0) }, \(LessonRecipe.kd()) }"
    }
    return """
      \(LessonRecipe.data(at: level, train: level.choose(2000, 4000, 8000), test: level.choose(1500, 2500, 4000)))
      teacher: { model: plain6 }
      student: { model: cnn2 }
      assistants:
        tutor: { model: plain6, \(LessonRecipe.alone) }
      students:
      \(students.joined(separator: "\n"))
      \(LessonRecipe.training(epochs: epochs[epochs.count - 1], fall: .steps))
      analysis: none
      seeds: \(level.choose(5, 8, 8))

      """
  }

  static func claims(at level: LessonLevel) -> [LessonClaim] {
    let epochs = epochs(level)
    let last = name(epochs[epochs.count - 1])
    return [
      LessonClaim("teaching", "the finished teacher helps at all", last, against: RoleName.baseline),
      LessonClaim("stopped", "the stopped teacher makes a better student", name(planned(level)), against: last),
      LessonClaim(
        "fidelity", "students agree with the stopped teacher more often", of: .agreement, name(planned(level)),
        against: last),
    ]
  }

  static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let epochs = epochs(material.level)
    let axis = Axis("epoch of the teacher", isWholeNumbers: true)
    let arms = epochs.map { (x: Double($0), role: name($0)) }
    func teacher(_ value: (Predictions) -> Double) -> [(x: Double, y: Estimate?)] {
      epochs.map { epoch in
        let name = LessonMoment.name("tutor", at: epoch, of: epochs)
        let values = material.seeds.compactMap { material.answers(name, seed: $0).map(value) }
        return (x: Double(epoch), y: studentInterval(of: values, over: "seeds"))
      }
    }
    let accuracy = Line("teacher", teacher { 100 * $0.accuracy }, look: RoleLook.teacher)
    let entropy = Line(nil, teacher { SoftAnswers.entropy($0, at: 4) }, look: RoleLook.teacher)
    var first = material.panel(
      .accuracy, over: axis, [LessonLine(name: "students", arms: arms)], rules: [(RoleName.baseline, "baseline")])
    if case .chart(var chart) = first {
      chart.marks.append(.line(accuracy))
      first = .chart(chart)
    }
    let softness = Chart(x: axis, y: Axis("entropy of targets, T = 4 / nats"), marks: [.line(entropy)])
    let picture = ReportPicture(
      name: "moments",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [[first, material.panel(.agreement, over: axis, [LessonLine(arms: arms)]), .chart(softness)]]),
      alternative: "Accuracy of teacher and students, their agreement, and the entropy of the targets over the moment",
      caption: """
        Over the moment at which the teacher was asked. Bands: 95 % Student t over seeds. **Look for** a students' line \
        that is flat, or falls, where the teacher's still rises, and whether the softness of its targets goes with it.
        """)
    return [
      LessonSection(
        title: "From moment to moment", pictures: [picture],
        after: [
          .table(
            material.valueTable(
              [.accuracy, .agreement, .divergence, .calibrationError],
              [RoleName.baseline] + material.recipe.students.map(\.name) + ["tutor"]))
        ])
    ]
  }

  static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    [
      LessonQuestion(
        "Suppose the student of the teacher's first epoch beat the baseline, poor as that teacher is. Would knowledge have flowed?",
        answer: """
          Not shown by that: a poor teacher's soft targets also smooth the labels. An arm with label smoothing is needed \
          to tell the two apart; the lesson \(code: "label-smoothing-or-kd") has one.
          """),
      LessonQuestion(
        "Why does the learning rate not fall as a cosine here?",
        answer: """
          With a cosine the middle of a training is noisy by design, and only its end is a network that one would use. A \
          teacher that is “stopped early” would then be a noisy one, and two things would differ at once.
          """),
      LessonQuestion(
        "Suppose students agreed more often with the stopped teacher. Would it be the better teacher for that?",
        answer: """
          No. A teacher that always says the same would be agreed with always. Agreement says how well the student copies, \
          accuracy what the copy is worth.
          """),
    ]
  }

  static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    let (folder, seed) = (material.folders.name, material.seeds[0])
    let epochs = [planned(material.level), material.recipe.training.epochs].map { epoch in
      "runs/\(folder)/seed-\(seed)/tutor/epoch-" + String("00\(epoch)".suffix(3)) + ".safetensors"
    }
    return [
      LessonCommandLine(
        "How does the teacher change between the two moments?",
        "\(programName) probe compare \(epochs.joined(separator: " ")) \(material.dataArguments)")
    ]
  }
}
