import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// Does a better teacher make a better student? A fixed small student under teachers of growing size, and the two remedies
/// that were proposed: an assistant between them, and a teacher that was stopped early.
enum CapacityGap: LessonPlan {
  static let entry = CatalogEntry(
    "capacity-gap", "Does a larger teacher make a better student?",
    paper: "Cho & Hariharan, On the Efficacy of Knowledge Distillation, ICCV 2019; Mirzadeh et al., AAAI 2020")

  static let aim: MarkdownText = """
    You know afterwards what is meant by a capacity gap, how it is tested with a comparison that was planned before, and \
    how to tell a gap in accuracy from one in fidelity.
    """

  static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "The student stays the same and its teacher grows. Does the student's accuracy rise, stay, or rise and fall again?",
      look:
        "*Accuracy*, left: the students' line. Whether a fall is more than chance says the planned difference \(code: "gap")."
    ),
    LessonPrediction(
      "Which teacher will the student agree with most often: one of nearly its own size, or the largest?",
      look: "*Fidelity*, left: agreement over the teacher's size."),
    LessonPrediction(
      "Does an assistant between the two, or a teacher taken from an early moment of its training, help?",
      look:
        "The planned differences \(code: "assistant") and \(code: "early-stopping"): where an interval holds 0, this was not decided."
    ),
  ]

  static let design: MarkdownText = """
    The student is a plain network with two convolutions. Each of its teachers learns from labels alone and is trained \
    anew for every seed, so that what is said of a teacher's size does not hang on one teacher. All students of a seed \
    begin with the same weights and see the same batches. The middle teacher of the planned comparison was chosen before; \
    the early one is taken before the learning rate first falls.
    """

  /// Teachers from small to large, the middle one, and the epoch at which the largest is stopped.
  private static func family(_ level: LessonLevel) -> (teachers: [String], middle: String, early: Int, epochs: Int) {
    let plain = ["plain4", "plain6", "plain8", "plain10"]
    return switch level {
    case .two: (plain.dropLast(), "plain6", 7, 14)
    case .ten: (plain, "plain6", 10, 20)
    case .long: (plain + ["resnet14", "resnet20", "resnet32", "resnet56"], "plain6", 12, 24)
    }
  }

  private static func largest(_ level: LessonLevel) -> String { level.choose("plain8", "plain10", "resnet56") }

  static func recipe(at level: LessonLevel) -> String {
    let (teachers, middle, early, epochs) = family(level)
    let largest = largest(level)
    let (kd, alone) = (LessonRecipe.kd(), LessonRecipe.alone)
    return """
      \(LessonRecipe.data(at: level, train: level.choose(2000, 4000, 8000), test: level.choose(1000, 2000, 4000)))
      teacher: { model: \(LessonRecipe.model(largest, at: level)) }
      student: { model: plain2 }
      assistants:
      \(teachers.map { "  \($0): { model: \(LessonRecipe.model($0, at: level)), \(alone) }" }.joined(separator: "\n"))
        assistant: { model: \(middle), teacher: \(largest), \(kd) }
      students:
      \(teachers.map { "  by-\($0): { teacher: \($0), \(kd) }" }.joined(separator: "\n"))
        by-assistant: { teacher: assistant, \(kd) }
        by-early: { teacher: { by: \(largest), epoch: \(early) }, \(kd) }
      \(LessonRecipe.training(epochs: epochs, fall: .steps))
      analysis: { probe-images: \(level.choose(4, 8, 24)), position-images: \(level.choose(6, 8, 24)), grid: 8, \
      draws: 8, iterations: \(level.choose(8, 12, 16)), epochs: [0, 1, 2, \(early), \(epochs)] }
      seeds: \(level.choose(3, 5, 5))

      """
  }

  static func claims(at level: LessonLevel) -> [LessonClaim] {
    let (middle, largest) = ("by-\(family(level).middle)", "by-\(largest(level))")
    let word = level == .long ? "deepest" : "largest"  // plain10 has more parameters than any of the ResNets
    return [
      LessonClaim("teaching", "the \(word) teacher helps at all", largest, against: RoleName.baseline),
      LessonClaim("gap", "a smaller teacher makes a better student than the \(word)", middle, against: largest),
      LessonClaim(
        "assistant", "an assistant makes a better student than the \(word)", "by-assistant", against: largest),
      LessonClaim(
        "early-stopping", "the \(word) teacher makes a better student when it is stopped early", "by-early",
        against: largest),
    ]
  }

  static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let teachers = family(material.level).teachers
    let sizes = try teachers.map { Double(try material.parameters($0)) }
    let own = zip(sizes, teachers).map { (x: $0, role: $1) }
    let taught = own.map { (x: $0.x, role: "by-\($0.role)") }
    let byAccuracy = own.compactMap { arm in
      material.estimate(.accuracy, arm.role).map { (x: 100 * $0.value, role: "by-\(arm.role)") }
    }
    let size = Axis("parameters of the teacher", isLogarithmic: true)
    let baseline = [(role: RoleName.baseline, label: "baseline")]
    func students(_ quantity: LessonQuantity, _ axis: Axis = size) -> Panel {
      let arms = axis == size ? taught : byAccuracy
      return material.panel(quantity, over: axis, LessonLine.ofFamilies("students", arms), rules: baseline)
    }
    let both =
      LessonLine.ofFamilies("teachers", own, look: RoleLook.teacher) + LessonLine.ofFamilies("students", taught)
    let bySize = material.panel(.accuracy, over: size, both, rules: baseline)
    let accuracy = ReportPicture(
      name: "size",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [[bySize, students(.accuracy, Axis("accuracy of the teacher / %"))]]),
      alternative: "Accuracy of teachers and students over the teacher's size, and over the teacher's accuracy",
      caption: """
        Left: teachers and the students that learned from them, over the teacher's size. Right: the same students over \
        their teachers' accuracy; the two order teachers differently. Bands: 95 % Student t over seeds; a cross for each \
        seed. **Look for** a students' line that falls while the teachers' rises.
        """)
    let fidelity = ReportPicture(
      name: "fidelity",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [[students(.agreement), students(.divergence), students(.calibrationError)]]),
      alternative: "Agreement with the teacher, KL to it, and calibration over the teacher's size",
      caption: """
        How near the student comes to whoever taught it, in its choice (agreement) and in its probabilities (KL), which \
        need not go together; and how honest its probabilities are. **Look for** agreement that falls with the teacher's \
        size while accuracy does not: then the gap is one of fidelity.
        """)
    let knowledge = ReportPicture(
      name: "knowledge",
      figure: Figure(
        width: Figure.twoColumns, panels: [[students(.gap), students(.halfTime), students(.steadiness)]]),
      alternative: "The quantities of H1 to H3 over the teacher's size",
      caption: """
        What the student keeps of the object (g), how soon (t½), and how steadily, position removed. **Look for** lines \
        that leave the baseline's; with so few pictures the bands are wide.
        """)
    let roles =
      [RoleName.baseline] + material.recipe.students.map(\.name) + material.recipe.assistants.map(\.name)
      + material.earlyTeachers
    let numbers = material.valueTable([.accuracy, .agreement, .divergence, .calibrationError], roles)
    return [
      LessonSection(
        title: "Accuracy", before: [material.ownLead(largest(material.level), over: teachers[0])],
        pictures: [accuracy], after: [.table(numbers)]),
      LessonSection(title: "Fidelity", pictures: [fidelity]),
      LessonSection(
        title: "Knowledge", pictures: material.studies.isEmpty ? [] : [knowledge], after: material.hypothesisBlocks),
    ]
  }

  static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    let count = family(material.level).teachers.count
    return [
      LessonQuestion(
        "Suppose the best of the \(count) teachers is one in the middle of the figure. Is a capacity gap shown by that?",
        answer: """
          No. If all \(count) were equally good, the best would lie inside of the row in \(count - 2) of \(count) \
          studies. The planned difference, with its interval, decides: \(code: "gap") above.
          """),
      LessonQuestion(
        "Why must all students of a seed begin with the same weights and see the same batches?",
        answer: """
          Pairing takes out the noise that they share. The difference of two networks of one seed varies less than the \
          difference of two of different seeds, so that fewer seeds show the same effect.
          """),
      LessonQuestion(
        "The assistant's student used one more training. What would be a fair rival?",
        answer: """
          The same computing for direct distillation, or an assistant that learned from labels alone and then taught: \
          here \(code: "by-\(family(material.level).middle)").
          """),
      LessonQuestion(
        "An interval reaches from −1 to 3 points. Write the sentence for a paper.",
        answer: """
          “No difference was detected; a loss of one point and a gain of three agree with the data.” Not: “there is no \
          difference”, nor “a gain of one point”.
          """),
      LessonQuestion(
        "Suppose accuracy is the same under all teachers, and agreement falls with their size. What kind of gap is that?",
        answer: """
          One of fidelity: the student does not do what the large teacher does, and loses nothing by it on the labels. \
          Whether it has lost knowledge is a third question, which the quantities of H1 to H3 ask.
          """),
    ]
  }

  static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    [
      LessonCommandLine(
        "The first figure for a paper",
        "\(programName) plot \(material.folders.reportPath)/figures/size.csv --style paper --width 180mm")
    ]
  }
}
