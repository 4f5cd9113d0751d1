import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// How much of a gain is regularisation? Distillation beside label smoothing, and beside a teacher that is none (Yuan et
/// al., CVPR 2020; Müller, Kornblith & Hinton, NeurIPS 2019).
enum LabelSmoothingOrKD: LessonPlan {
  static let entry = CatalogEntry(
    "label-smoothing-or-kd", "Is distillation more than label smoothing?",
    paper: "Yuan et al., Revisiting Knowledge Distillation via Label Smoothing Regularization, CVPR 2020")

  static let aim: MarkdownText = """
    You know afterwards why a gain over the baseline says nothing of knowledge by itself, and which control tells \
    regularisation from knowledge.
    """

  static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "Smoothed labels hold no knowledge of the picture. How much of the gain of distillation do they give?",
      look:
        "The planned differences, and *Arm by arm*, left: \(code: "smooth") between the baseline and \(code: "teacher-taught")."
    ),
    LessonPrediction(
      "A teacher after one epoch of training knows little. Is its student nearer to the baseline, or to the finished one's?",
      look: "The same panel: \(code: "poor-teacher")."),
    LessonPrediction(
      "Which arm has the most honest probabilities: labels, smoothed labels, or a teacher's?",
      look: "The right panel: the least calibration error."),
  ]

  static let design: MarkdownText = """
    The same student learns from labels (the baseline), from smoothed labels, from a made-up teacher that is right in every \
    picture and knows nothing else (Tf-KD), from a teacher after its first epoch, and from the finished teacher. The \
    teacher is trained anew for every seed.
    """

  static let arms = ["smooth", "made-up", "poor-teacher", "teacher-taught"]

  static func recipe(at level: LessonLevel) -> String {
    """
    \(LessonRecipe.data(at: level, train: level.choose(2000, 4000, 10_000), test: level.choose(1500, 2500, 4000)))
    teacher: { model: plain6 }
    student: { model: cnn2 }
    assistants:
      tutor: { model: plain6, \(LessonRecipe.alone) }
    students:
      smooth: { labels: { weight: 0 }, distillation: [ { method: label-smoothing, smoothing: 0.1, weight: 1 } ] }
      made-up: { labels: { weight: 0.1 }, distillation: [ { method: tfkd-reg, weight: 0.9 } ] }
      poor-teacher: { teacher: { by: tutor, epoch: 1 }, \(LessonRecipe.kd()) }
      teacher-taught: { teacher: tutor, \(LessonRecipe.kd()) }
    \(LessonRecipe.training(epochs: level.choose(8, 12, 30)))
    analysis: none
    seeds: \(level.choose(5, 8, 8))

    """
  }

  static func claims(at level: LessonLevel) -> [LessonClaim] {
    [
      LessonClaim("gain", "distillation is better than labels alone", "teacher-taught", against: RoleName.baseline),
      LessonClaim("knowledge", "distillation is better than smoothed labels", "teacher-taught", against: "smooth"),
      LessonClaim("smoothing", "smoothed labels are better than labels", "smooth", against: RoleName.baseline),
    ]
  }

  static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let roles = [RoleName.baseline] + arms
    let picture = ReportPicture(
      name: "arms",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [
          [
            material.rows(.accuracy, roles, reference: RoleName.baseline),
            material.rows(.calibrationError, roles, reference: RoleName.baseline),
          ]
        ], rowHeight: 70, showsLegend: false),
      alternative: "Test accuracy and calibration error of every arm",
      caption: """
        The line is the baseline. Intervals: 95 % Student t over seeds. **Look for** how far \(code: "smooth") goes on the \
        way from the baseline to \(code: "teacher-taught"): what is left is what a teacher adds.
        """)
    return [
      LessonSection(
        title: "Arm by arm", pictures: [picture],
        after: [.table(material.valueTable([.accuracy, .confidence, .calibrationError, .loss], roles))]),
      LessonSection(
        title: "Why the two are related",
        before: [
          .paragraph(
            """
            With K classes, u even over all of them, and α the share taken from the label, smoothing minimises \
            (1 − α) · H(y, p) + α · H(u, p); distillation at T = 1 has the teacher's answers in the place of u. So label \
            smoothing is distillation from a teacher that says the same of every picture, and distillation is smoothing \
            that differs from picture to picture (Yuan et al., section 3). The difference between the arms is what that \
            dependence on the picture is worth.
            """)
        ]),
    ]
  }

  static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    [
      LessonQuestion(
        "A paper shows a gain of two points over the baseline and calls it transferred knowledge. What is missing?",
        answer: """
          An arm that regularises without a teacher, such as label smoothing at the same cost of tuning. Only what is left \
          above it can be knowledge.
          """),
      LessonQuestion(
        "In another study a teacher with 30 % accuracy helped its student. Are good teachers useless?",
        answer: """
          It does not follow: a poor teacher's soft answers smooth the labels. Hold its student against \
          \(code: "smooth") before speaking of knowledge, and the finished teacher's against both.
          """),
      LessonQuestion(
        "Suppose shuffling the teacher's probabilities of wrong classes left the student's accuracy as it was. What follows?",
        answer: """
          That in this experiment the relations between classes did not matter beyond smoothing and the weighting of \
          pictures; not that they never do.
          """),
    ]
  }

  static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    [LessonCommandLine("What the made-up teacher says", "\(programName) methods show tfkd-reg")]
  }
}
