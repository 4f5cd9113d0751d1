import Foundation
import Plotting
import Reporting
import Statistics
import Support

extension LessonCollection {
  /// A planned comparison over a class.
  private struct Row {
    let claim: String
    let arm: String
    let reference: String
    let quantity: LessonQuantity
    let judgement: Judgement
  }

  /// Folders that have a seed of their own: what means and verdicts are over.
  private var counted: [Member] { members.filter { $0.repeated.count < $0.mark.seeds.count } }

  private var rows: [Row] {
    let claims = members[0].seeds.grouped(by: ["claim", "arm", "reference", "quantity"]).compactMap { group in
      group.key[3].text.flatMap(LessonQuantity.init(rawValue:)).map {
        (key: group.key.map(\.description), quantity: $0)
      }
    }
    let judged = PairedClaim.judged(
      claims.map { claim in
        PairedClaim(
          claim.key[0], differences: counted.compactMap { mean(of: $0.differences(claim.key[0]).map(\.difference)) },
          side: .larger)
      })
    return zip(claims, judged).map {
      Row(claim: $0.key[0], arm: $0.key[1], reference: $0.key[2], quantity: $0.quantity, judgement: $1)
    }
  }

  /// Writes the page of a class and its tables.
  ///
  /// - Parameter root: the folder of `reports/` and `notebooks-data/`.
  /// - Returns: the page's path, and the folder of tables.
  /// - Throws: ``InputError`` if a folder cannot be written to, ``WorkError`` if a write fails.
  public func write(below root: URL) throws -> (report: URL, tables: URL) {
    let folders = ExperimentFolders(root: root, name: "\(lesson)-\(level.rawValue)min-class")
    for folder in [folders.report, folders.tables] { try Folders.requireWritable(folder) }
    let rows = rows
    let figures = folders.report.appendingPathComponent("figures")
    try Folders.create(figures)
    try dataFolder.write(to: folders.tables)
    let pictures = rows.map(picture)
    for picture in pictures {
      try picture.figure.write(to: figures.appendingPathComponent("\(picture.name).png"))
      try FigureTable.write(picture.figure, named: picture.name, to: figures)
    }
    let file = folders.report.appendingPathComponent("report.md")
    try page(rows, pictures).write(to: file)
    return (file, folders.tables)
  }

  private func page(_ rows: [Row], _ pictures: [ReportPicture]) -> Report {
    var table = ReportTable(
      [
        .init("Comparison"), .init("Difference", .right), .init("Unit"), .init("Smallest that shows", .right),
        .init("Side that was found"), .init("p after Holm", .right),
      ],
      caption: """
        Mean over \(counted.count) members of the class with 95 % Student t interval; a member's value is the mean of its \
        own seeds, since these share pictures.
        """, name: "class")
    for row in rows {
      let (judged, scale) = (row.judgement, row.quantity.scale)
      table.append([
        "\(code: row.claim): \(code: row.arm) − \(code: row.reference), \(row.quantity.words)",
        judged.difference.map { "\(NumberFormat.estimate($0, scale: scale))" } ?? "–",
        "\(row.quantity.unit)",
        judged.smallestEffect(within: row.quantity.range).map { "\(NumberFormat.significant($0 * scale, 2))" } ?? "–",
        "\(side(judged))", judged.holmP.map { "\(LessonFinding.p($0))" } ?? "–",
      ])
    }
    var who = ReportTable(
      [.init("Member"), .init("Seeds"), .init("Left out")], caption: "Whose runs these are.", name: "members")
    for member in members {
      let list = { (seeds: [Int]) in seeds.isEmpty ? "–" : seeds.map(String.init).joined(separator: ", ") }
      who.append([
        MarkdownText(code: member.folder), "\(list(member.mark.seeds.filter { !member.repeated.contains($0) }))",
        "\(list(member.repeated))",
      ])
    }
    return Report(
      title: "\(lesson), \(level.rawValue) minutes: what a class of \(members.count) found",
      blocks: [
        .paragraph(
          """
          Every member ran the same lesson with seeds of its own. A verdict of one run is one draw; here all draws stand \
          side by side. The first seed of a run decides its pictures, so that members differ in pictures, too.
          """),
        .table(table), .heading(2, "Member by member"),
      ] + pictures.map(\.block) + [
        .heading(2, "Members"), .table(who),
        .paragraph(
          """
          Left out are seeds that an earlier member has with the same first seed: those are the same networks on the same \
          pictures, and say nothing new.
          """),
        .heading(2, "Questions"),
        .list([
          "How many of the members would have published the opposite of what the whole class finds?",
          "By how much did the interval shrink against one member's own? By how much should it, for so many members?",
          "Which comparison has the largest spread over members, and what does it hang on: seeds, pictures, or both?",
        ]),
      ])
  }

  private func side(_ judged: Judgement) -> String {
    switch judged.verdict {
    case .supported: "larger"
    case .contradicted: "smaller"
    case .inconclusive: "none shown"
    case .notTestable:
      "not testable: \(judged.reason.replacing("seeds", with: "members").replacing("seed,", with: "member,"))"
    }
  }

  /// Each member's interval, a cross for each of its seeds, and the class below.
  private func picture(_ row: Row) -> ReportPicture {
    let scale = row.quantity.scale
    let own = members.map { member in
      (
        name: member.folder.split(separator: "/").last.map(String.init) ?? member.folder,
        values: member.differences(row.claim).map { $0.difference * scale }
      )
    }
    var intervals = own.map { member in
      Intervals.Row(member.name, studentInterval(of: member.values, over: "seeds"), look: RoleLook.student(0))
    }
    intervals.append(Intervals.Row("class", row.judgement.difference, scale: scale, look: RoleLook.teacher))
    let crosses = own.enumerated().map { place, member -> Mark in
      let height = Double(intervals.count - place) - 0.75
      return .points(
        Points(
          nil, points: member.values.map { Point($0, height) },
          look: Look(color: RoleLook.student(0).color, marker: .plus)))
    }
    return ReportPicture(
      name: row.claim,
      figure: Figure(
        width: Figure.twoColumns,
        panels: [
          [
            .chart(
              Chart(
                title: "\(row.arm) − \(row.reference)",
                x: Axis(row.quantity.differenceTitle),
                y: Axis(""),
                marks: [.intervals(Intervals(rows: intervals, look: RoleLook.student(0), reference: 0))] + crosses))
          ]
        ], rowHeight: 30 + 8 * Double(intervals.count), showsLegend: false),
      alternative: "\(row.arm) minus \(row.reference), member by member, and the whole class",
      caption: """
        \(code: row.claim), member by member: mean and 95 % interval over the member's own seeds, a cross for each; below, \
        the class. **Look for** members whose interval lies on the other side than the class's.
        """)
  }

  private var dataFolder: DataFolder {
    var table = Table([.init("member", .text, "Folder of the run.")] + LessonTables.seedColumns)
    for member in members {
      let kept = member.seeds.selecting(LessonTables.seedColumns.map(\.name))
      for row in kept.rows where !(row[4].integer.map(member.repeated.contains) ?? true) {
        table.append([.text(member.folder)] + row)
      }
    }
    return DataFolder(
      title: "Tables of a class: \(lesson)", introduction: "The seeds of every member, each pair of networks once.",
      files: [.init("seeds", "One row per member, planned comparison and seed.", table)])
  }
}
