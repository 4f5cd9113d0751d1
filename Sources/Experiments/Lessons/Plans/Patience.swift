import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// Is a good teacher patient and consistent? Teacher and student that see the same, or not the same, for a short or a long
/// time (Beyer et al., CVPR 2022).
package enum Patience: LessonPlan {
  package static let entry = CatalogEntry(
    "patience", "Must a teacher see what its student sees, and for how long?",
    paper: "Beyer et al., Knowledge Distillation: A Good Teacher Is Patient and Consistent, CVPR 2022")

  package static let aim: MarkdownText = """
    You know afterwards what consistent teaching is, why it can need a long training to pay, and when stored answers of a \
    teacher may be used.
    """

  package static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "The student sees each picture shifted and cropped. Is it better taught by answers to that view, or to the whole picture?",
      look: "The planned differences between \(code: "consistent"), \(code: "fixed") and \(code: "independent")."),
    LessonPrediction(
      "Which of the students is ahead after a short training, and which after a long one?",
      look: "The left panel: which line is on top at its left end, and which at its right."),
    LessonPrediction(
      "For how long will a student go on getting better: as long as one that learns from labels, or longer?",
      look: "The left panel: where each line becomes flat, if it does."),
  ]

  package static let design: MarkdownText = """
    Three students learn from the softened answers of one teacher alone, without labels. Each sees its pictures randomly \
    cropped; its teacher sees the very same crop (\(code: "consistent")), the whole picture (\(code: "fixed")) or another \
    crop (\(code: "independent")). The baseline learns from labels. The learning rate stays constant behind its warm-up, so \
    that a network inside of a long training is, to the bit, that of a short one: every training length is in one training.
    """

  static let arms = ["consistent", "fixed", "independent"]

  /// Lengths of training that are looked at, the last one the whole.
  private static func lengths(_ level: LessonLevel) -> [Int] {
    level.choose([2, 5, 10], [3, 8, 16, 24], [5, 10, 20, 40, 60])
  }

  package static func moments(at level: LessonLevel) -> [LessonMoment] {
    LessonMoment.within(lengths(level), [RoleName.baseline] + arms)
  }

  package static func recipe(at level: LessonLevel) -> String {
    let lengths = lengths(level)
    let kd = LessonRecipe.kd(temperature: 2, labels: 0)
    let data = LessonRecipe.data(
      at: level, train: level.choose(1500, 3000, 8000), test: level.choose(1000, 2000, 4000),
      crop: "resized-crop: 0.4")
    return """
      \(data)
      teacher: { model: plain6 }
      student: { model: plain4 }
      assistants:
        tutor: { model: plain6, \(LessonRecipe.alone) }
      students:
        consistent: { teacher: tutor, \(kd) }
        fixed: { teacher: tutor, \(kd), teacher-view: clean }
        independent: { teacher: tutor, \(kd), teacher-view: another }
      \(LessonRecipe.training(epochs: lengths[lengths.count - 1], rate: 0.02, fall: .none))
      analysis: none
      seeds: \(level.choose(5, 8, 8))

      """
  }

  package static func claims(at level: LessonLevel) -> [LessonClaim] {
    let short = LessonMoment("consistent", at: lengths(level)[lengths(level).count / 2]).name
    return [
      LessonClaim(
        "consistent", "a student is better for a teacher that sees the same", "consistent", against: "fixed"),
      LessonClaim(
        "noise", "and for one that sees the same rather than another crop", "consistent", against: "independent"),
      LessonClaim("patient", "a longer training makes a better student", "consistent", against: short),
      LessonClaim(
        "fidelity", "a student agrees more often with a teacher that saw the same", of: .agreement, "consistent",
        against: "fixed"),
    ]
  }

  package static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let lengths = lengths(material.level)
    let axis = Axis("length of the training / epochs", isWholeNumbers: true)
    func line(_ role: String, _ place: Int?) -> LessonLine {
      let arms = lengths.map { (x: Double($0), role: LessonMoment.name(role, at: $0, of: lengths)) }
      return LessonLine(name: role, arms: arms, look: place.map { RoleLook.student($0) } ?? RoleLook.baseline)
    }
    let students = arms.enumerated().map { line($1, $0) }
    let picture = ReportPicture(
      name: "lengths",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [
          [
            material.panel(
              .accuracy, over: axis, [line(RoleName.baseline, nil)] + students, rules: [("tutor", "teacher")]),
            material.panel(.agreement, over: axis, students),
          ]
        ]),
      alternative: "Accuracy and agreement of baseline and students over the length of the training",
      caption: """
        Left: test accuracy over the length of the training; the rule is the teacher. Right: agreement with the teacher on \
        whole test pictures. Bands: 95 % Student t over seeds, a cross for each. **Look for** lines that cross: what is best \
        after a short training need not be it after a long one.
        """)
    return [
      LessonSection(
        title: "The longer, the better?", pictures: [picture],
        after: [
          .table(
            material.valueTable(
              [.accuracy, .agreement, .divergence, .confidence], [RoleName.baseline] + arms + ["tutor"]))
        ]),
      LessonSection(
        title: "Why the view matters",
        before: [
          .paragraph(
            """
            Let a linear teacher w* see x and its student x + ξ, with noise ξ of variance s² that has nothing to do with x. \
            Least squares then gives the student (Σ + s²I)⁻¹ Σ w*: along a direction in which the pictures have variance λ it \
            keeps the share λ / (λ + s²) of its teacher, however long it learns. Where both see x + ξ it comes to w*. So \
            inconsistent teaching is a regulariser: it takes the weak directions away first. That helps where they are noise, \
            and costs where the teacher knows them.
            """)
        ]),
    ]
  }

  package static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    [
      LessonQuestion(
        "A crop shows the background alone. What does each of the three teachers tell its student of it?",
        answer: """
          \(code: "consistent"): that nothing can be known. \(code: "fixed"): the class of the object that is not there. \
          \(code: "independent"): whatever another crop shows. Only the first is an answer to what the student sees.
          """),
      LessonQuestion(
        "When may a teacher's answers be stored once and used in every epoch?",
        answer: """
          Where the student's views are the same in every epoch, or belong to the epoch in a way that can be repeated. \
          Otherwise stored answers make the teacher a fixed one.
          """),
      LessonQuestion(
        "Why does the learning rate not fall in this lesson?",
        answer: """
          A rate that falls makes every length of training another training. With a constant one, the network after some \
          epochs is that which a training of just these epochs ends with. The price: all of them end with a high rate, and a \
          falling one would make all better.
          """),
    ]
  }

  package static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    [LessonCommandLine("What teacher-view takes", "\(programName) recipe --keys students.NAME")]
  }
}
