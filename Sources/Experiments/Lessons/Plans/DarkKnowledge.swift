import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// What do soft answers say of a class that is not there? A class is left out of what the student is shown, and recovered
/// from the teacher's answers about the others (Hinton, Vinyals & Dean, 2015, section 3).
package enum DarkKnowledge: LessonPlan {
  package static let entry = CatalogEntry(
    "dark-knowledge", "Can a student recognise what it was never shown?",
    paper: "Hinton, Vinyals & Dean, Distilling the Knowledge in a Neural Network, 2015")

  package static let aim: MarkdownText = """
    You know afterwards what is meant by dark knowledge, how it can be made visible by leaving a class out, and which \
    control shows that it is the teacher who brought it.
    """

  package static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "A student learns from its teacher's answers to pictures of nine classes. How much of the tenth does it recognise?",
      look: "*What is left of the class*, left: \(code: "taught-without"); in the middle after the shift."),
    LessonPrediction(
      "A network that learned from the labels of those nine classes: what can it say of the tenth?",
      look: "The same panels: \(code: "labels-without")."),
    LessonPrediction(
      "How much accuracy over all ten classes does leaving one out cost?",
      look: "The planned difference \(code: "cost")."),
  ]

  package static let design: MarkdownText = """
    The teacher has seen all ten classes. Of class \(code: omitted) no picture is shown to two students: one learns from the \
    teacher's softened answers alone, one from labels. A third one learns from the same answers to all pictures. Left-out \
    pictures are replaced by others, so that all make the same number of steps. As in the paper, the left-out class is asked \
    twice: as it is, and after one number was added to its logit in every picture, so that it is chosen as often as it \
    occurs; that takes the class's frequency and no label.
    """

  /// The class that is left out, by its number: it shares parts with others.
  static let omitted = "3"
  private static let temperature = 4.0

  package static func recipe(at level: LessonLevel) -> String {
    let kd = LessonRecipe.kd(temperature: temperature, labels: 0)
    return """
      \(LessonRecipe.data(at: level, train: level.choose(2000, 4000, 10_000), test: level.choose(1500, 2500, 4000)))
      teacher: { model: plain6 }
      student: { model: plain4 }
      assistants:
        tutor: { model: plain6, \(LessonRecipe.alone) }
      students:
        labels-without: { \(LessonRecipe.alone), omit: [\(omitted)] }
        taught-without: { teacher: tutor, \(kd), omit: [\(omitted)] }
        taught-all: { teacher: tutor, \(kd) }
      \(LessonRecipe.training(epochs: level.choose(8, 14, 30)))
      analysis: none
      seeds: \(level.choose(5, 8, 8))

      """
  }

  package static func claims(at level: LessonLevel) -> [LessonClaim] {
    [
      LessonClaim(
        "recognised", "a class that was never shown is recognised by the taught student", of: .recall, "taught-without",
        against: "labels-without"),
      LessonClaim(
        "shifted", "and more so than by the other one if both choose it as often as it occurs", of: .shiftedRecall,
        "taught-without", against: "labels-without"),
      LessonClaim("cost", "leaving it out costs accuracy", "taught-without", against: "taught-all", side: .smaller),
    ]
  }

  package static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let roles = ["labels-without", "taught-without", "taught-all", "tutor"]
    let picture = ReportPicture(
      name: "omitted",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [
          [
            material.rows(.recall, roles), material.rows(.shiftedRecall, roles), material.rows(.accuracy, roles),
          ]
        ], rowHeight: 55, showsLegend: false),
      alternative: "How much of the omitted class each network recognises, as it is and with its logit shifted",
      caption: """
        Left: the share of test pictures of the left-out class that are recognised. Middle: the same after the class's \
        logit was shifted. Right: accuracy over all classes. Intervals: 95 % Student t over seeds. **Look for** the distance \
        of the first two rows in the middle panel: both never saw the class, one had a teacher.
        """)
    return [
      LessonSection(
        title: "What is left of the class", pictures: [picture],
        after: [.table(material.valueTable([.recall, .shiftedRecall, .accuracy, .loss], roles))]),
      LessonSection(
        title: "Where the knowledge was",
        before: [
          .paragraph(
            """
            While the student was shown pictures of other classes, the teacher gave class \(code: omitted) some probability \
            in each of them, more where the two look alike. These small numbers are all that the student has of it.
            """)
        ], pictures: mentions(material).map { [$0] } ?? []),
    ]
  }

  /// What the teacher says of the omitted class when it is shown others.
  private static func mentions(_ material: LessonMaterial) -> ReportPicture? {
    guard let wanted = material.omittedClass else { return nil }
    let names = material.data.train.classes
    let others = names.indices.filter { $0 != wanted }
    func row(_ label: Int, _ temperature: Double) -> Intervals.Row {
      let values = material.seeds.compactMap { seed in
        material.answers("tutor", seed: seed).map {
          SoftAnswers.meanProbability($0, of: wanted, where: label, at: temperature)
        }
      }
      let own = studentInterval(of: values, over: "seeds", within: QuantityRange.share)
      return Intervals.Row(names[label], own, scale: 100, look: RoleLook.teacher)
    }
    func panel(_ temperature: Double) -> Panel {
      .chart(
        Chart(
          title: "T = \(Int(temperature))", x: Axis("probability of \(names[wanted]) / %"), y: Axis(""),
          marks: [
            .intervals(Intervals(rows: others.map { row($0, temperature) }, look: RoleLook.teacher, reference: nil))
          ]))
    }
    return ReportPicture(
      name: "mentions",
      figure: Figure(
        width: Figure.twoColumns, panels: [[panel(1), panel(temperature)]], rowHeight: 75, showsLegend: false),
      alternative: "The probability that the teacher gives the omitted class in pictures of each other class",
      caption: """
        Mean probability of the left-out class in the teacher's answers to test pictures of each other class, at temperature \
        1 and at that of the distillation. Intervals: 95 % Student t over seeds. **Look for** rows that differ: a teacher \
        that gave all of them the same would have told nothing but a frequency.
        """)
  }

  package static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    [
      LessonQuestion(
        "The network that learned from labels has no picture of the class either. Why is it needed beside the student?",
        answer: """
          After the shift it names the class as often as the student does, in the pictures that it finds least unlike it. \
          What it gets right by that needs no teacher; only what the student has above it was taught.
          """),
      LessonQuestion(
        "Why may the logit be shifted at all? Is that not looking at the answers?",
        answer: """
          The shift takes one number that is known without any label: how often the class occurs. It removes the student's \
          belief that the class never occurs, which follows from what it was shown, and leaves the order of the pictures.
          """),
      LessonQuestion(
        "Would the student learn the class if the teacher's answers were rounded to the most likely class?",
        answer: """
          No: then nothing is said of the class in any picture that it is shown. All of it is in the small probabilities, \
          which is why they are called dark knowledge, and why a higher temperature makes more of them visible.
          """),
    ]
  }

  package static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    let lesson = "\(programName) lesson dark-knowledge --minutes \(material.level.rawValue)"
    return [
      LessonCommandLine(
        "Leave another class out",
        "\(lesson) --set students.labels-without.omit=[5] --set students.taught-without.omit=[5] --out other-class")
    ]
  }
}
