import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// What does the temperature do? One teacher, one student, five temperatures (Hinton, Vinyals & Dean, 2015, section 2).
enum Temperature: LessonPlan {
  static let entry = CatalogEntry(
    "temperature", "What does the temperature of distillation do?",
    paper: "Hinton, Vinyals & Dean, Distilling the Knowledge in a Neural Network, 2015")

  static let aim: MarkdownText = """
    You know afterwards what a softened target is, why the loss has the factor T², and to what distillation turns at very \
    high temperatures.
    """

  static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "At which of the temperatures 1, 2, 4, 8 and 16 does the student become best? Is there a best one at all?",
      look:
        "*The students*, top left, and the planned differences. Which of 2, 4 and 8 is best was not planned, and not tested."
    ),
    LessonPrediction(
      "Which temperature makes the student's probabilities, at temperature 1, most like the teacher's?",
      look:
        "*The students*, top right: the least KL. The loss weighs the answers at its own temperature, and the labels pull besides."
    ),
    LessonPrediction(
      "Does a student of a hot teacher have more, or less, confidence than one of a cold teacher?",
      look:
        "*The students*, bottom left: mean confidence over the temperature; calibration beside it says whether it is deserved."
    ),
  ]

  static let design: MarkdownText = """
    A plain network with six convolutions learns from labels and teaches five students, of two convolutions each, that \
    differ in temperature alone; the baseline learns from labels. Teachers are trained anew for every seed.
    """

  static let temperatures = [1.0, 2, 4, 8, 16]

  private static func name(_ temperature: Double) -> String { "t\(Int(temperature))" }

  static func recipe(at level: LessonLevel) -> String {
    """
    \(LessonRecipe.data(at: level, train: level.choose(2000, 4000, 10_000), test: level.choose(1500, 2500, 4000)))
    teacher: { model: plain6 }
    student: { model: cnn2 }
    assistants:
      tutor: { model: plain6, \(LessonRecipe.alone) }
    students:
    \(temperatures.map { "  \(name($0)): { teacher: tutor, \(LessonRecipe.kd(temperature: $0)) }" }.joined(separator: "\n"))
    \(LessonRecipe.training(epochs: level.choose(8, 12, 30)))
    analysis: none
    seeds: \(level.choose(5, 8, 8))

    """
  }

  static func claims(at level: LessonLevel) -> [LessonClaim] {
    [
      LessonClaim("teaching", "softened targets (T = 4) help at all", name(4), against: RoleName.baseline),
      LessonClaim("softening", "T = 4 makes a better student than T = 1", name(4), against: name(1)),
      LessonClaim("too-hot", "T = 16 makes a worse one than T = 4", name(16), against: name(4), side: .smaller),
    ]
  }

  static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let axis = Axis(
      "temperature", ticks: temperatures.map { Tick($0, "\(Int($0))") }, isLogarithmic: true)
    let arms = temperatures.map { (x: $0, role: name($0)) }
    func panel(_ quantity: LessonQuantity, baseline: Bool) -> Panel {
      material.panel(
        quantity, over: axis, [LessonLine(arms: arms)], rules: baseline ? [(RoleName.baseline, "baseline")] : [])
    }
    let students = ReportPicture(
      name: "temperature",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [
          [panel(.accuracy, baseline: true), panel(.agreement, baseline: false), panel(.divergence, baseline: false)],
          [panel(.confidence, baseline: true), panel(.calibrationError, baseline: true), panel(.loss, baseline: true)],
        ], rowHeight: 55),
      alternative: "Accuracy, agreement, KL, confidence, calibration and loss over the temperature",
      caption: """
        Students over the temperature that they were taught at; all numbers at temperature 1. Bands: 95 % Student t over \
        seeds. **Look for** which of the six has a turn inside of the range, and whether it is wider than the bands.
        """)
    let limit = limitFigure(material)
    return [
      LessonSection(
        title: "The students", pictures: [students],
        after: [
          .table(
            material.valueTable(
              [.accuracy, .agreement, .divergence, .confidence, .calibrationError],
              [RoleName.baseline] + material.recipe.students.map(\.name) + ["tutor"]))
        ]),
      LessonSection(
        title: "What a hot target is",
        before: [
          .paragraph(
            """
            The softened answer of a network with logits z is softmax(z / T): class k has the probability \
            exp(z_k / T) / Σ_j exp(z_j / T). Call it q_T for the student, with logits z, and p_T for the teacher, with \
            logits v. With K classes and logits whose mean over the classes is taken away, T² · KL(p_T ‖ q_T) tends to \
            ‖z − v‖² / 2K as T grows (Hinton et al., 2015, section 2.1): at high temperature distillation is regression of \
            logits. The loss itself, without T², goes to 0 as 1 / T², and so do its gradients, while those of the labels \
            stay. The curves are the answers of seed \(material.seeds[0]) to the test pictures, softened afterwards; the \
            lines are the limits.
            """)
        ], pictures: limit.map { [$0] } ?? []),
    ]
  }

  /// T² · KL and the entropy of the targets over the temperature, for one student of the first seed.
  private static func limitFigure(_ material: LessonMaterial) -> ReportPicture? {
    let (role, seed) = (name(4), material.seeds[0])
    guard let own = material.answers(role, seed: seed), let teacher = material.teacherAnswers(role, seed: seed) else {
      return nil
    }
    let all = (0...8).map { Double(1 << $0) }
    let curve = all.map { Point($0, SoftAnswers.scaledDivergence(own, from: teacher, at: $0)) }
    let entropy = all.map { Point($0, SoftAnswers.entropy(teacher, at: $0)) }
    let limit = SoftAnswers.limit(own, from: teacher)
    let most = SoftAnswers.largestEntropy(teacher)
    let axis = Axis("temperature", isLogarithmic: true)
    return ReportPicture(
      name: "limit",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [
          [
            .chart(
              Chart(
                title: "Towards regression of logits", x: axis, y: Axis("T² · KL / nats"),
                marks: [
                  .horizontalRule(limit, label: "limit"), .line(Line(nil, points: curve, look: RoleLook.student(0))),
                ])),
            .chart(
              Chart(
                title: "Towards even targets", x: axis, y: Axis("entropy of the targets / nats"),
                marks: [
                  .horizontalRule(most, label: "log K"), .line(Line(nil, points: entropy, look: RoleLook.teacher)),
                ])),
          ]
        ], showsLegend: false),
      alternative: "T² times KL, and the entropy of the targets, over the temperature, with their limits",
      caption: """
        Left: T² · KL(teacher ‖ student) of \(code: role) on test images. Right: mean entropy of the teacher's targets. \
        Seed \
        \(seed). **Look for** the temperature from which on each is near its limit: beyond it targets differ by nothing but \
        the size of their small differences, which T² makes up for.
        """)
  }

  static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    [
      LessonQuestion(
        "What would become of the students of high temperatures without the factor T² in the loss?",
        answer: """
          The gradient of the softened term shrinks as 1/T², so that the labels, whose weight stays, would drown it: a \
          student of T = 16 would be nearly the baseline.
          """),
      LessonQuestion(
        "Two networks' logits differ by a constant in each image. What is their KL, at any temperature?",
        answer: "0: softmax does not see a constant, which is why the limit is written in centred logits."),
      LessonQuestion(
        "At T = 256 the teacher's targets have nearly the largest entropy there is. Have they lost their information?",
        answer: """
          No: T² · KL has a limit that still tells z from v. The information is in small differences, which T² magnifies; \
          in numbers of few bits it would be lost.
          """),
      LessonQuestion(
        "The best of five temperatures is picked by test accuracy. What is wrong with reporting that accuracy?",
        answer: """
          It is the maximum of five, and too large on average even if all five are equal. Temperatures are to be chosen on \
          development images, or on seeds that are not used again; here T = 4 was planned before.
          """),
    ]
  }

  static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    [
      LessonCommandLine("The loss and its options", "\(programName) methods show kd"),
      LessonCommandLine(
        "The figure of the limits for a paper",
        "\(programName) plot \(material.folders.reportPath)/figures/limit.csv --style paper --width 180mm"),
    ]
  }
}
