import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// Born-again networks: generations of one network, each taught by the one before (Furlanello et al., ICML 2018), beside
/// ridge regression, where the same is known in closed form (Mobahi, Farajtabar & Bartlett, NeurIPS 2020).
enum SelfDistillation: LessonPlan {
  static let entry = CatalogEntry(
    "self-distillation", "Can a network learn from itself?",
    paper: "Furlanello et al., Born-Again Neural Networks, ICML 2018; Mobahi et al., NeurIPS 2020")

  static let aim: MarkdownText = """
    You know afterwards what generations of self-distillation do in a case that can be computed by hand, and how to tell \
    whether they do something in networks.
    """

  static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "A network learns from a network just like it. Can it become better than its teacher?",
      look: "The planned differences, and *Generations of networks*, left, against the baseline's line."),
    LessonPrediction(
      "If one generation helps, do three help more? Is there a generation from which on it harms?",
      look:
        "The same panel; the right figure of *Generations of ridge regression* has a case where the answer is known."),
    LessonPrediction(
      "Do networks of later generations agree with their teachers more, or less, than those of the first?",
      look: "*Generations of networks*, middle: agreement."),
  ]

  static let design: MarkdownText = """
    Generation 0 learns from labels alone, each later one from labels and the softened answers of the one before; all are \
    the same network. Generation 0 has first weights and batches of its own, the later ones those of the baseline, which is \
    that network, too, on labels alone.
    """

  private static let generations = 3

  static func recipe(at level: LessonLevel) -> String {
    let students = (1...generations).map { generation in
      "  gen-\(generation): { teacher: gen-\(generation - 1), \(LessonRecipe.kd(temperature: 2, labels: 0.3)) }"
    }
    return """
      \(LessonRecipe.data(at: level, train: level.choose(2000, 4000, 10_000), test: level.choose(1500, 2500, 4000)))
      teacher: { model: plain4 }
      student: { model: plain4 }
      assistants:
        gen-0: { model: plain4, apart: true, \(LessonRecipe.alone) }
      students:
      \(students.joined(separator: "\n"))
      \(LessonRecipe.training(epochs: level.choose(8, 12, 30)))
      analysis: none
      seeds: \(level.choose(5, 8, 8))

      """
  }

  static func claims(at level: LessonLevel) -> [LessonClaim] {
    [
      LessonClaim("first", "the first generation is better than labels alone", "gen-1", against: RoleName.baseline),
      LessonClaim(
        "last", "the last generation is better than the first", "gen-\(generations)", against: "gen-1"),
    ]
  }

  static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let axis = Axis("generation", isWholeNumbers: true)
    let all = (0...generations).map { (x: Double($0), role: "gen-\($0)") }
    let taught = Array(all.dropFirst())
    let picture = ReportPicture(
      name: "generations",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [
          [
            material.panel(.accuracy, over: axis, [LessonLine(arms: all)], rules: [(RoleName.baseline, "baseline")]),
            material.panel(.agreement, over: axis, [LessonLine(arms: taught)]),
            material.panel(.confidence, over: axis, [LessonLine(arms: all)]),
          ]
        ]),
      alternative: "Accuracy, agreement with its teacher and confidence over the generations",
      caption: """
        Generation 0 learned from labels. Bands: 95 % Student t over seeds. **Look for** a rise and a fall, as the closed \
        form below has it, and for confidence that shrinks from generation to generation.
        """)
    return [
      LessonSection(
        title: "Generations of networks", pictures: [picture],
        after: [
          .table(
            material.valueTable(
              [.accuracy, .agreement, .divergence, .confidence, .calibrationError],
              [RoleName.baseline] + all.map(\.role)))
        ]),
      LessonSection(
        title: "Generations of ridge regression",
        before: [
          .paragraph(
            """
            In ridge regression, generation t fits the values of generation t − 1. Along an eigenvector of the kernel with \
            eigenvalue d, each generation multiplies what is left by d / (d + λ): after t of them the labels count with \
            (d / (d + λ))ᵗ. Weak directions, which are mostly noise, die first: generations are a regulariser. At last the \
            strong ones die, too.
            """)
        ], pictures: [ridgeFigure]),
    ]
  }

  /// Shrinkage of directions, and errors of the fit, over generations of one made-up problem.
  private static var ridgeFigure: ReportPicture {
    let problem = RidgeGenerations.example
    let rounds = 1...12
    let kept = [0, 2, 5, 9].enumerated().map { place, direction -> Mark in
      .line(
        Line(
          "direction \(direction + 1)",
          points: rounds.map { Point(Double($0), problem.factor(direction, generation: $0)) },
          look: RoleLook.student(place)))
    }
    let errors = rounds.map { Point(Double($0), problem.error(generation: $0)) }
    let axis = Axis("generation", isWholeNumbers: true)
    return ReportPicture(
      name: "ridge",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [
          [
            .chart(Chart(title: "What is left of the labels", x: axis, y: Axis("(d / (d + λ))ᵗ"), marks: kept)),
            .chart(
              Chart(
                title: "Error against the truth", x: axis, y: Axis("mean squared error"),
                marks: [.line(Line(nil, points: errors, look: RoleLook.baseline))])),
          ]
        ]),
      alternative: "Shrinkage of four directions, and the error of the fit, over generations of ridge regression",
      caption: """
        \(problem.values.count) noisy values of a smooth curve, eigenvalues 1/k², λ = \
        \(NumberFormat.significant(problem.penalty, 2)). Left: how much of the labels each direction keeps. Right: the \
        error of the fit against the curve without noise. **Look for** the generation with the least error.
        """)
  }

  static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    let errors = (1...12).map { RidgeGenerations.example.error(generation: $0) }
    let best = (errors.indices.min { errors[$0] < errors[$1] } ?? 0) + 1
    return [
      LessonQuestion(
        "Which generation of ridge regression has the least error here, and why not the last?",
        answer: """
          Generation \(best). Up to it more noise than signal is shrunk away; behind it more signal than noise. One \
          generation with a larger λ can do nearly the same: self-distillation is one way to set a regulariser.
          """),
      LessonQuestion(
        "No new information enters from generation to generation. How can a later one be better on test images?",
        answer: """
          Being right on new images is not only a matter of information but of what is done with it: less weight on \
          directions that are mostly noise is an improvement without new data.
          """),
      LessonQuestion(
        "Why is the baseline needed beside generation 0, which learned from labels, too?",
        answer: """
          Both are the same kind of network, trained alike; their difference shows how much two trainings differ by chance \
          alone, and a gain of a generation is to be held against that.
          """),
    ]
  }

  static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    [
      LessonCommandLine(
        "The figure of ridge regression for a paper",
        "\(programName) plot \(material.folders.reportPath)/figures/ridge.csv --style paper --width 180mm")
    ]
  }
}
