import Analysis
import Plotting
import Reporting
import Statistics
import Support

/// Who should teach? Ways of arranging teachers and students: peers (Zhang et al., CVPR 2018), an average of one's own
/// weights (Tarvainen & Valpola, NeurIPS 2017), chains (Mirzadeh et al., AAAI 2020), early teachers (Cho & Hariharan, ICCV
/// 2019) and several teachers.
package enum Schemes: LessonPlan {
  package static let entry = CatalogEntry(
    "schemes", "Who should teach: a teacher, two, a chain, peers, or an average of oneself?",
    paper: "Zhang et al., CVPR 2018; Tarvainen & Valpola, NeurIPS 2017; Mirzadeh et al., AAAI 2020")

  package static let aim: MarkdownText = """
    You know afterwards which networks can teach beside one finished teacher, what each of these schemes is to be held \
    against, and what each costs.
    """

  package static let predictions: [LessonPrediction] = [
    LessonPrediction(
      "Two untrained networks of the same kind teach each other from the first step on. Is one of them better than alone?",
      look: "The planned difference \(code: "peers") − \(code: "baseline")."),
    LessonPrediction(
      "The average of a network's weights over its last steps: is it better than the weights of the last step?",
      look: "The planned difference of the average and its own last weights."),
    LessonPrediction(
      "Two teachers instead of one: is their student better than that of the better one?",
      look: "The planned difference to the better of the two teachers' students."),
  ]

  package static let design: MarkdownText = """
    All students are the same network, begin with the seed's own first weights and see the same batches. Each scheme is held \
    against what it claims to improve: peers against the network alone, the average against its own last weights, the chain \
    and the early teacher against direct distillation, two teachers against each of them. Teachers are trained anew for \
    every seed.
    """

  /// Student, middle and large network.
  private static func family(_ level: LessonLevel) -> (student: String, middle: String, large: String) {
    level.choose(("cnn2", "plain4", "plain6"), ("cnn2", "plain4", "plain6"), ("resnet8", "resnet14", "resnet20"))
  }

  /// The epoch at which the early teacher is taken.
  private static func early(_ level: LessonLevel) -> Int { level.choose(4, 6, 3) }

  package static func recipe(at level: LessonLevel) -> String {
    let (student, middle, large) = family(level)
    let (kd, alone) = (LessonRecipe.kd(), LessonRecipe.alone)
    let size = level.choose(16, 16, 32)
    let data = LessonRecipe.data(
      at: level, train: level.choose(2000, 4000, 4000), test: level.choose(1500, 2500, 4000), size: size,
      crop: "pad-crop: \(size / 8)")
    return """
      \(data)
      teacher: { model: \(large) }
      student: { model: \(student) }
      assistants:
        tutor: { model: \(large), \(alone) }
        second: { model: \(middle), \(alone) }
        middle: { model: \(middle), teacher: tutor, \(kd) }
      students:
        direct: { teacher: tutor, \(kd) }
        by-second: { teacher: second, \(kd) }
        chain: { teacher: middle, \(kd) }
        early: { teacher: { by: tutor, epoch: \(early(level)) }, \(kd) }
        both: { teacher: tutor, labels: { weight: 0.1 }, distillation: [ { method: multi-average, \
      further-teachers: [second], weight: 0.9 } ] }
        peers: { distillation: [ { method: dml, weight: 1 } ] }
        averaged: { distillation: [ { method: mean-teacher, decay: 0.99, weight: 10 } ] }
      \(LessonRecipe.training(epochs: level.choose(8, 12, 8), fall: .steps))
      analysis: none
      seeds: \(level.choose(5, 6, 5))

      """
  }

  package static func claims(at level: LessonLevel) -> [LessonClaim] {
    [
      LessonClaim("peers", "peers make a better network than training alone", "peers", against: RoleName.baseline),
      LessonClaim(
        "average", "the average of the weights is better than the last weights", "averaged", against: "averaged/learner"
      ),
      LessonClaim("chain", "a chain is better than direct distillation", "chain", against: "direct"),
      LessonClaim("early", "an early teacher is better than the finished one", "early", against: "direct"),
      LessonClaim("two", "two teachers are better than the large one", "both", against: "direct"),
      LessonClaim("two-middle", "and better than the middle one", "both", against: "by-second"),
    ]
  }

  package static func sections(_ material: LessonMaterial) throws -> [LessonSection] {
    let teachers = ["tutor", "second", "middle"]
    let students = [RoleName.baseline] + material.recipe.students.map(\.name) + ["averaged/learner"]
    let picture = ReportPicture(
      name: "schemes",
      figure: Figure(
        width: Figure.twoColumns,
        panels: [
          [
            material.rows(.accuracy, teachers + students, reference: RoleName.baseline),
            material.rows(.calibrationError, teachers + students, reference: RoleName.baseline),
          ]
        ], rowHeight: 95, showsLegend: false),
      alternative: "Test accuracy and calibration error of every network",
      caption: """
        Teachers on top, then the students; the line is the baseline. Intervals: 95 % Student t over seeds, of each network \
        by itself: the planned differences above are paired, and narrower. **Look for** how far \(code: "peers") and \
        \(code: "averaged") come, which no teacher has helped.
        """)
    return [
      LessonSection(
        title: "Scheme by scheme", pictures: [picture],
        after: [
          .table(
            material.valueTable([.accuracy, .agreement, .confidence, .calibrationError, .loss], teachers + students))
        ])
    ]
  }

  package static func questions(_ material: LessonMaterial) -> [LessonQuestion] {
    [
      LessonQuestion(
        "Both peers are poor at first. What can they teach each other?",
        answer: """
          They begin with different weights, so that they are wrong in different pictures, and each has softer answers than \
          a label. Where they agree little is gained; where they do not, each is drawn to the mean of both.
          """),
      LessonQuestion(
        "Averaged weights are those of no step of the training. Why can they be better than those of the last?",
        answer: """
          The last steps wander around a valley; their mean lies nearer to its middle. The larger the rate at the end, the \
          more there is to gain: with a rate that falls to nearly nothing the two come together.
          """),
      LessonQuestion(
        "Suppose two teachers' student is better than that of the middle one alone. Does the second teacher help?",
        answer: """
          That says that the large one helps. Whether the second adds anything is the difference to the large one's student, \
          \(code: "direct").
          """),
      LessonQuestion(
        "Which of the schemes have cost more than direct distillation, and what would be a fair comparison?",
        answer: """
          The chain and two teachers need a further training; peers train two networks at once but need no teacher before. \
          A fair rival has the same computing in all: a longer training, or a larger teacher.
          """),
    ]
  }

  package static func commands(_ material: LessonMaterial) -> [LessonCommandLine] {
    [
      LessonCommandLine("What the peers minimise", "\(programName) methods show dml"),
      LessonCommandLine("What else can be averaged or weighed", "\(programName) methods show ca-mkd"),
    ]
  }
}
