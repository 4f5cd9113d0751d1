import ArgumentParser
import Experiments
import Support

/// `kdscope lesson`.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: "Teaching experiments of some minutes: a question, a page, answers, a worksheet.",
    discussion: """
      kdscope lesson NAME --minutes 2|10|120 runs one: 2 in class, 10 in the break, 120 in the evening before. \
      kdscope help lesson run has its options.
      """,
    subcommands: [LessonRun.self, LessonList.self, LessonCollect.self], defaultSubcommand: LessonRun.self)
}

/// `kdscope lesson NAME`.
struct LessonRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a lesson; what a stopped one had finished is not repeated.",
    discussion: """
      Without a name: lists the lessons. Leaves in reports/NAME-MINUTESmin the page, report.md with its figures, and \
      answers.md and worksheet.md; the page for a browser, report.html, and a slide to project, slide.html; \
      notebooks-data/NAME-MINUTESmin/*.csv; and runs/NAME-MINUTESmin with the checkpoints. \
      Prints the page's path. With --json: "report", "tables" and "run"; without a name "lessons" with "name" and "summary".
      """)

  @Argument(help: "Name of the lesson. (default: list them)", completion: .list(LessonRegistry.entries.map(\.name)))
  var name: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How long it may take on two cores: \(LessonLevel.words).", valueName: "minutes"),
    completion: .list(LessonLevel.allCases.map { "\($0.rawValue)" }))
  var minutes = "2"

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a value of what the lesson does, such as training.epochs=5; repeatable. (default: none)",
      valueName: "key=value"))
  var assignments: [String] = []

  @Flag(name: .long, help: "Print what the lesson would do, its recipe or options, instead. (default: run it)")
  var plan = false

  @OptionGroup
  var repetitions: SeedOptions

  @Option(name: .long, help: "Number of processors to use, at most the machine's. (default: all)")
  var threads: Int?

  @OptionGroup
  var work: WorkOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireThreads(threads)
  }

  func run() throws {
    let level = try LessonLevel(minutes: minutes)
    guard let name else { return try Listing(LessonRegistry.entries).print("lessons", output) }
    let lesson = try LessonRegistry.make(
      name,
      LessonSetup(
        level: level, assignments: assignments, seeds: repetitions.chosen(), threads: threads, root: work.root,
        progress: ProgressDisplay(isQuiet: work.quiet)))
    if plan { return try output.print(.map(["plan": .text(lesson.plan)]), text: lesson.plan) }
    Interrupt.watch()
    let report = try lesson.run()
    try output.print(lesson.folders.document(report: report), text: report.path + "\n")
  }
}

/// `kdscope lesson list`.
struct LessonList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The lessons, each with its question.",
    discussion: "With --json: \"lessons\", a list of objects with \"name\" and \"summary\".")

  @OptionGroup
  var output: OutputOptions

  func run() throws { try Listing(LessonRegistry.entries).print("lessons", output) }
}

/// `kdscope lesson collect`.
struct LessonCollect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "One page from a class's folders of one lesson, seeds told apart.",
    discussion: """
      Each folder is one that a lesson was run in (what --out named), or a copy of its notebooks-data/NAME. Leaves \
      reports/NAME-class/report.md and notebooks-data/NAME-class/*.csv, and prints the page's path. Runs of the same \
      seeds are the same networks and count once. With --json: "report" and "tables".
      """)

  @Argument(help: "Folders, at least two.", completion: .directory)
  var folders: [String]

  @OptionGroup
  var place: RootOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let written = try LessonCollection(folders).write(below: place.root)
    try output.print(
      .map(["report": .text(written.report.path), "tables": .text(written.tables.path)]),
      text: written.report.path + "\n")
  }
}
