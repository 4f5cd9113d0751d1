import ArgumentParser
import Experiments
import Support
import Tensors

/// `kdscope lesson`.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: "Run a teaching experiment of a few minutes: a question, an answer, a report.",
    discussion: """
      Without a name: lists the lessons. Leaves reports/NAME/report.md with its figures and notebooks-data/NAME/*.csv; \
      what a stopped lesson had finished in runs/NAME is not repeated. Prints the report's path. With --json: \
      "report", "tables" and "run"; without a name "lessons", a list of objects with "name" and "summary".
      """)

  @Argument(help: "Name of the lesson. (default: list them)", completion: .list(LessonRegistry.entries.map(\.name)))
  var name: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set an option of the lesson, such as epochs=12; repeatable. (default: none)", valueName: "key=value"))
  var assignments: [String] = []

  @Flag(name: .long, help: "Use the lesson's quick variant. (default: the full one)")
  var quick = false

  @Flag(name: .long, help: "Show the lesson's options instead. (default: run it)")
  var options = false

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
    let listing = Listing(LessonRegistry.entries)
    guard let name else { return try listing.print("lessons", output) }
    if options {
      let page = CatalogPage(try listing.entry(name, called: "lesson", at: "lesson"))
      return try output.print(page.document, text: page.text)
    }
    let lesson = try LessonRegistry.make(name, assignments: assignments, isQuick: quick) { options in
      LessonSetup(
        options: options,
        seeds: repetitions.chosen() ?? Array(1...(quick ? LessonRegistry.quickSeeds : LessonRegistry.defaultSeeds)),
        isQuick: quick,
        root: work.root,
        progress: ProgressDisplay(isQuiet: work.quiet))
    }
    if let threads { Threads.use(threads) }
    Interrupt.watch()
    let report = try lesson.run()
    try output.print(lesson.folders.document(report: report), text: report.path + "\n")
  }
}
