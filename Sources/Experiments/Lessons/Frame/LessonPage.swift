import Analysis
import Checkpoints
import Foundation
import Reporting
import Statistics
import Support

/// The page of a lesson that was carried out, with its answers, worksheet and tables.
struct LessonPage {
  let plan: any LessonPlan.Type
  let material: LessonMaterial
  let context: RunContext
  let findings: [LessonFinding]
  private let claims: [LessonClaim]
  /// What was changed of the lesson's recipe, as `--set` takes it.
  private let changes: [String]
  /// Seeds that were asked for; nil for those of the level.
  private let askedSeeds: [Int]?
  private let threads: Int?

  init(_ plan: any LessonPlan.Type, _ material: LessonMaterial, _ context: RunContext, _ setup: LessonSetup) {
    self.plan = plan
    self.material = material
    self.context = context
    (changes, askedSeeds, threads) = (setup.assignments, setup.seeds, setup.threads)
    claims = plan.claims(at: material.level)
    findings = material.findings(claims)
  }

  private var name: String { plan.entry.name }
  private var folders: ExperimentFolders { material.folders }

  /// Writes all files, the page last.
  ///
  /// - Returns: the page's path.
  /// - Throws: as ``ReportFiles``, and what a lesson's own measurements throw.
  func write() throws -> URL {
    let sections = try plan.sections(material)
    let files = ReportFiles(context: context, recipeName: "recipe.yaml")
    try Folders.create(folders.report)
    try answers.write(to: folders.report.appendingPathComponent("answers.md"))
    try worksheet.write(to: folders.report.appendingPathComponent("worksheet.md"))
    try LessonMark(plan, material).write(to: folders.tables)
    let forest = material.forest(findings).map { [$0] } ?? []
    return try files.write(
      page(sections, forest, files), opening: opening(sections, forest), forest + sections.flatMap(\.pictures),
      tables(sections)
    ).report
  }

  /// What is projected: the question, the planned comparisons, and on how much they rest.
  private func opening(_ sections: [LessonSection], _ forest: [ReportPicture]) -> Report {
    let shown = (forest + sections.flatMap(\.pictures)).prefix(1).map(\.block)
    return Report(
      title: MarkdownText(plain: plan.entry.summary),
      blocks: [.paragraph(MarkdownText(plain: plan.entry.summary))] + shown + [
        .paragraph(
          """
          \(material.seeds.count) seeds, \(material.data.train.count) training pictures, \
          \(material.recipe.training.epochs) epochs: the \(material.level.rawValue)-minute level.
          """)
      ])
  }

  private func page(_ sections: [LessonSection], _ forest: [ReportPicture], _ files: ReportFiles) throws -> Report {
    var blocks: [Block] = [
      .paragraph(
        """
        **Aim.** \(plan.aim) This page took the \(code: "--minutes \(material.level.rawValue)") level of the lesson: \
        \(material.seeds.count) seeds, \(material.data.train.count) training pictures, \
        \(material.recipe.training.epochs) epochs.\(changed)
        """),
      .heading(2, "Predict first"),
      .paragraph("Write your answers down before you read on; a guess with a reason is worth more than a look ahead."),
      .list(plan.predictions.enumerated().map { "**\($0 + 1).** \($1.question)" }),
      .heading(2, "What was done"), .paragraph(plan.design), .table(try material.armTable()),
      .heading(2, "What was found"), .list(findings.map(\.sentence)),
    ]
    blocks += forest.map(\.block)
    for section in sections {
      blocks += [.heading(2, section.title)] + section.before + section.pictures.map(\.block) + section.after
    }
    blocks += [
      .heading(2, "Your predictions"),
      .list(plan.predictions.enumerated().map { "**\($0 + 1).** \($1.look)" }),
      .heading(2, "What this level can and cannot show"), .list(limits),
      .heading(2, "Questions"),
      .list(plan.questions(material).enumerated().map { "**\($0 + 1).** \($1.question)" }),
      .paragraph("The answers are in a file of their own, [answers.md](answers.md)."),
      .heading(2, "Go on"), .list(commands.map { "\($0.lead) \(code: $0.command)" }),
      .paragraph("The same commands to copy: [worksheet.md](worksheet.md)."),
      .details("Words of this page", [.list(LessonWords.explained(with: material))]),
    ]
    blocks += files.configuration
    blocks += files.provenance([repeated(seeds: askedSeeds)])
    return Report(title: MarkdownText(plain: plan.entry.summary), blocks: blocks)
  }

  private func lessonCommand(_ level: LessonLevel) -> String {
    "\(programName) lesson \(name) --minutes \(level.rawValue)"
  }

  /// The command that carries the lesson out with the same changes of its recipe.
  ///
  /// - Parameter seeds: nil for those of the level.
  /// - Returns: a command line.
  private func repeated(seeds: [Int]?) -> String {
    let list = seeds.map { $0.count == 1 ? "[\($0[0])]".shellWord : $0.map(String.init).joined(separator: ",") }
    return lessonCommand(material.level) + (list.map { " --seeds \($0)" } ?? "")
      + (threads.map { " --threads \($0)" } ?? "")
      + changes.map { " --set \($0.shellWord)" }.joined()
  }

  /// Texts of the lesson are about its own recipe.
  private var changed: MarkdownText {
    guard !changes.isEmpty else { return "" }
    return """
       **Changed** by whoever ran it, so that what is said of networks and pictures may not hold: \
      \(MarkdownText.list(changes.map { MarkdownText(code: $0) })).
      """
  }

  /// What follows from the spread that was seen, and from what was not varied.
  private var limits: [MarkdownText] {
    let level = material.level
    var items: [MarkdownText] = findings.map { finding in
      guard let smallest = finding.smallest else {
        return """
          \(code: finding.claim.name): the spread of these \(material.seeds.count) seeds does not tell which difference would \
          be shown; any that is possible may go unseen.
          """
      }
      return """
        \(code: finding.claim.name): with the spread of these \(material.seeds.count) seeds and \(findings.count) planned \
        comparisons, a true difference of \(smallest) would be shown in four \
        of five such studies, a smaller one in fewer.
        """
    }
    items.append(
      """
      Verdicts are about these networks on these drawn pictures (\(code: "part-shapes")): the first seed decides the \
      pictures, so that all arms of a run share them. Other data may say otherwise.
      """)
    if let next = level.next {
      items.append(
        """
        A level of \(level.rawValue) minutes is for seeing how such a study goes, and for large differences. \
        \(code: lessonCommand(next)) has more pictures, epochs and seeds.
        """)
    }
    items.append(
      """
      What is not among the planned comparisons was seen, not tested: intervals there are not corrected. The arm that is \
      best on these test images was in part lucky on them.
      """)
    return items
  }

  private var answers: Report {
    Report(
      title: "Answers: \(plan.entry.summary)",
      blocks: plan.questions(material).enumerated().flatMap { place, item -> [Block] in
        [.heading(2, "\(place + 1). \(item.question)"), .paragraph(item.answer)]
      })
  }

  /// The lesson's own commands, then those that every run has.
  var commands: [LessonCommandLine] {
    let seed = material.seeds[0]
    let last = material.recipe.lastEpoch(of: RoleName.baseline)
    func file(_ role: String) -> String {
      let epoch = material.recipe.lastEpoch(of: role)
      return "runs/\(folders.name)/seed-\(seed)/\(role)/"
        + RunFolder(URL(fileURLWithPath: "/")).checkpoint(epoch: epoch).lastPathComponent
    }
    let student = material.recipe.students.last?.name ?? RoleName.baseline
    var lines = plan.commands(material)
    lines += [
      LessonCommandLine(
        "Do the baseline and \(code: student) fail on the same pictures?",
        "\(programName) probe compare \(file(RoleName.baseline)) \(file(student)) \(material.dataArguments)"),
      LessonCommandLine(
        "Everything that the program reports of such a run", "\(programName) report \(folders.name) --out run-report"),
      LessonCommandLine("How long each network trained", "\(programName) runs show \(folders.name)"),
      LessonCommandLine("The recipe, to change it", "\(repeated(seeds: askedSeeds)) --plan"),
    ]
    if last > 1 {
      lines.append(
        LessonCommandLine(
          "The same with other seeds (a class gives each of its members others)",
          "\(repeated(seeds: [101, 102, 103])) --out other-seeds"))
    }
    if let next = material.level.next {
      lines.append(LessonCommandLine("The same with more of everything", lessonCommand(next)))
    }
    return lines
  }

  private var worksheet: Report {
    Report(
      title: "Worksheet: \(plan.entry.summary)",
      blocks: [
        .paragraph("Give these commands in the folder that has \(code: "runs/") and \(code: "reports/") in it.")
      ] + commands.flatMap { line -> [Block] in [.paragraph(line.lead), .code(line.command, language: "sh")] })
  }

  private func tables(_ sections: [LessonSection]) -> DataFolder {
    DataFolder(
      title: "Tables of the lesson \(name)",
      introduction: "Everything that `\(MarkdownText(plain: folders.reportPath))/report.md` shows, as tidy tables.",
      files: [
        .init("networks", "One row per network: what it does on the test split.", material.networkTable),
        .init("claims", "One row per planned comparison.", LessonTables.findings(findings)),
        .init(
          "seeds", "One row per planned comparison and seed; pages of a class are made from it.",
          material.seedTable(claims)),
      ] + sections.flatMap(\.files))
  }
}
