import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// Cheng et al. (CVPR 2020) step by step: what is kept of an object, how much, how soon, how steadily.
enum ConceptsLesson: LessonPlan {
  static let entry = CatalogEntry(
    "concepts", "Does a distilled student know more of an object, sooner, and with fewer detours?",
    paper: "Cheng, Rao, Chen & Zhang, Explaining Knowledge Distillation by Quantifying the Knowledge, CVPR 2020")

  static let aim: MarkdownText = """
    You know afterwards what an entropy map is, why its border has to be taken out, and how three hypotheses become three \
    numbers that can be judged.
    """

  static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "Which cells of a picture will a trained network keep: the object's, or the background's? And an untrained one?",
      look: "*Step 1*: g is positive where the object is kept; epoch 0 is the untrained network."),
    LessonPrediction(
      "Does the gap between object and background grow until the end of the training, or does it fall again?",
      look: "*Step 1*: each line up to the end of the training."),
    LessonPrediction(
      "Will the student be told from the baseline by the height of that gap, by when it opens, or by how steady it is?",
      look: "*Step 2* has the three numbers, *step 3* the verdicts on their paired differences."),
  ]

  static let design: MarkdownText = """
    Baseline and student are a ResNet-8; the student learns from the softened logits of a ResNet-20, which is trained once. \
    At several moments the maps of the same pictures are measured: how much noise each cell of a picture bears before the \
    layer's feature changes by a fixed share. A cell that bears little is kept.
    """

  static func recipe(at level: LessonLevel) -> String {
    let epochs = level.choose(3, 6, 10)
    return """
      data: { set: part-shapes, train: \(level.choose(2000, 5000, 10_000)), development: 400, \
      test: \(level.choose(800, 2000, 2000)), clutter: 0.2, pose: 0.4 }
      teacher: { model: resnet20 }
      student: { model: resnet8 }
      students:
        student: { \(LessonRecipe.kd()) }
      training: { epochs: \(epochs), batch: 32, learning-rate: 0.05, nesterov: true, weight-decay: 0.0005, warm-up: 1 }
      analysis: { layers: [layer3], probe-images: \(level.choose(8, 16, 32)), \
      position-images: \(level.choose(8, 12, 24)), draws: 16, iterations: \(level.choose(12, 16, 16)) }
      seeds: \(level.choose(3, 5, 8))

      """
  }

  static func claims(at level: LessonLevel) -> [LessonClaim] {
    [
      LessonClaim(
        "accuracy", "the student is right more often than the baseline", "student", against: RoleName.baseline)
    ]
  }

  static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let roles = [RoleName.baseline, "student"]
    func curves(_ title: String, isRaw: Bool) -> Panel {
      let lines = roles.map { role -> Mark in
        .line(Line(role, material.gapCurve(role, isRaw: isRaw), look: material.look(role)))
      }
      return .chart(
        Chart(
          title: title, x: Axis("share of the training"), y: Axis("gap / nats"),
          marks: [.horizontalRule(0, label: "no gap")] + lines))
    }
    let picture = ReportPicture(
      name: "gap",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [[curves("maps as measured", isRaw: true), curves("g: position removed", isRaw: false)]]),
      alternative: "The gap of baseline and student over their training",
      caption: """
        How much more of the object than of its surroundings the layer keeps; at 0 of the training is the untrained \
        network. Left: with what a cell's place alone gives. Right: without it, which is what is judged. Bands: 95 % \
        Student t over seeds. **Look for** the untrained network, left and right; then, right, for how high each line is \
        at the end (H1) and when it reaches half of its own greatest height (H2).
        """)
    let primary = ReportPicture(
      name: "primary",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [[material.rows(.gap, roles), material.rows(.halfTime, roles), material.rows(.steadiness, roles)]],
        rowHeight: 45, showsLegend: false),
      alternative: "The three primary quantities of baseline and student",
      caption: """
        The one number that decides each hypothesis: g at the end, t½, and ρ above that of a network that does not change. \
        Intervals: 95 % Student t over seeds, of each arm by itself; the verdicts below are of the paired differences.
        """)
    return [
      LessonSection(
        title: "Step 1: what is kept, over the training",
        before: [
          .paragraph(
            """
            The border of a picture feeds fewer windows of a convolution, so that even an untrained network “keeps” its \
            middle, where objects lie. Maps of pictures without an object show that profile; it is subtracted from every \
            map before anything is counted.
            """)
        ], pictures: [picture]),
      LessonSection(
        title: "Step 2: one number for each hypothesis", pictures: [primary],
        after: [.table(material.valueTable([.gap, .halfTime, .steadiness, .accuracy], roles))]),
      LessonSection(title: "Step 3: verdicts", after: material.hypothesisBlocks),
    ]
  }

  static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    [
      LessonQuestion(
        "An untrained network shows a large gap in maps as they are measured. What does that say about the raw measure?",
        answer: """
          That it measures where a cell lies as well as what the network has learned. A gap of a trained network is \
          evidence only after that part is taken out, or against an untrained network.
          """),
      LessonQuestion(
        "Suppose the student's gap is twice the baseline's at every moment. Does it learn faster?",
        answer: """
          Not by t½, which asks when each curve reaches half of its own height: doubling a curve does not move that. A time \
          to a common level would have called it faster.
          """),
      LessonQuestion(
        "Suppose all three verdicts are “inconclusive”. Is the paper refuted?",
        answer: """
          No: inconclusive says that differences of this size can be chance with so few seeds and pictures. The smallest \
          difference that would have shown is the sentence to write down.
          """),
    ]
  }

  static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    let (name, seed) = (material.folders.name, material.seeds[0])
    let epoch = String("00\(material.recipe.training.epochs)".suffix(3))
    return [
      LessonCommandLine(
        "See the maps themselves",
        "\(programName) probe entropy runs/\(name)/seed-\(seed)/student/epoch-\(epoch).safetensors --layer layer3 "
          + "\(material.dataArguments) --count 4 --out maps"),
      LessonCommandLine(
        "Is the instrument right at all?", "\(programName) lesson concept-validity --minutes \(material.level.rawValue)"
      ),
    ]
  }
}
