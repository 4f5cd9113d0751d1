import Plotting
import Reporting
import Statistics
import Support

/// The section of a measurement: finished networks in a table, the course over training in a figure, a tidy table.
struct MeasurementSection {
  /// Of its table and figure: the measurement's name.
  let name: String
  let numbers: MeasuredNumbers
  let values: [MeasuredCheckpoint: [Double]]
  let stage: MeasurementStage

  private var recipe: Recipe { stage.recipe }
  private var end: Moment { Moment(epoch: recipe.training.epochs) }
  private var students: [String] { recipe.students.map(\.name) }

  /// As the report shows it.
  var section: ReportSection {
    ReportSection(
      title: MarkdownText(plain: numbers.title), before: [.table(finished)], pictures: [course],
      files: [DataFolder.File(name, "One row per network, seed, epoch and \(numbers.item).", table)])
  }

  private func estimate(_ role: String, _ item: Int, _ moment: Moment) -> Estimate? {
    let found = values.filter { $0.key.role == role && $0.key.moment == moment }.map { $0.value[item] }
    return studentInterval(of: found.filter(\.isFinite), over: "seeds", within: numbers.range)
  }

  /// Student minus baseline at the end, in the unit of the report's table.
  private func gain(_ student: String, _ item: Int) -> Estimate? {
    func value(_ role: String, _ seed: Int) -> Double? {
      values[MeasuredCheckpoint(role: role, seed: seed, moment: end)]?[item]
    }
    let pairs = recipe.seeds.compactMap { seed in
      value(student, seed).flatMap { own in value(RoleName.baseline, seed).map { numbers.shown.scale * (own - $0) } }
    }
    return studentInterval(of: pairs.filter(\.isFinite), over: "seeds")
  }

  private var finished: ReportTable {
    let roles = (recipe.asksTeacher ? [RoleName.teacher] : []) + stage.studentRoles
    func heading(_ text: String, _ unit: String) -> ReportTable.Column {
      .init(MarkdownText(plain: unit.isEmpty ? text : "\(text) (\(unit))"), .right)
    }
    var table = ReportTable(
      [.init(MarkdownText(plain: numbers.item.prefix(1).uppercased() + numbers.item.dropFirst()))]
        + roles.map { heading($0, numbers.shown.unit) }
        + students.map { heading("\($0) − baseline", numbers.shown.difference) },
      caption: """
        \(MarkdownText(plain: numbers.caption)) Mean over seeds with 95 % Student t interval; differences are paired by seed \
        and not corrected.
        """, name: name)
    for (place, item) in numbers.items.enumerated() {
      let cells = roles.map { role in
        MarkdownText(
          plain: estimate(role, place, end).map { NumberFormat.estimate($0, scale: numbers.shown.scale) } ?? "–")
      }
      table.append([MarkdownText(code: item)] + cells + students.map { MarkdownText(of: gain($0, place)) })
    }
    return table
  }

  private var course: ReportPicture {
    let panels = numbers.items.enumerated().map { place, item in
      let lines = stage.studentRoles.enumerated().map { index, role -> Mark in
        let curve = recipe.measuredEpochs(.fixedDistortion).map { (x: $0.epochs, y: estimate(role, place, $0)) }
        return .line(Line(role, curve, look: index == 0 ? RoleLook.baseline : RoleLook.student(index - 1)))
      }
      let teacher =
        estimate(RoleName.teacher, place, end).map { [Mark.horizontalRule($0.value, label: "teacher")] } ?? []
      return Panel.chart(
        Chart(title: item, x: Axis("epoch", isWholeNumbers: true), y: Axis(numbers.axis), marks: lines + teacher))
    }
    return ReportPicture(
      name: name, figure: Figure(width: Figure.twoColumns, panels: Panel.rows(panels, columns: 4)),
      alternative: "\(numbers.title), for each \(numbers.item) over epochs",
      caption: """
        \(MarkdownText(plain: numbers.reading)) Epoch 0 is the untrained network. Bands: 95 % Student t over seeds.
        """)
  }

  private var table: Table {
    var table = Table([
      Table.Column("role", .text, "Which network: teacher, baseline, or the name of a student."),
      Table.Column("seed", .integer, "Seed of its training."),
      Table.Column("epoch", .moment, unit: "epochs", "Moment of its training; 0 is the initialisation."),
      Table.Column(numbers.item, .text, "What the number belongs to."),
      Table.Column(numbers.value, .number, numbers.meaning),
    ])
    let order = values.keys.sorted { ($0.role, $0.seed, $0.moment) < ($1.role, $1.seed, $1.moment) }
    for checkpoint in order {
      for (item, value) in zip(numbers.items, values[checkpoint] ?? []) {
        table.append([
          .text(checkpoint.role), .integer(checkpoint.seed), Cell(checkpoint.moment), .text(item),
          value.isFinite ? .number(value) : .empty,
        ])
      }
    }
    return table
  }
}
