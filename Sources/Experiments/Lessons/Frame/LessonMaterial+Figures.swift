import Plotting
import Reporting
import Statistics
import Support

/// Arms on one line of a figure.
struct LessonLine {
  /// What the legend calls it; nil for nothing.
  var name: String?
  /// Where each arm stands on the axis.
  var arms: [(x: Double, role: String)]
  var look = RoleLook.student(0)

  /// Arms whose teachers are of several families: a line for each, along the axis.
  ///
  /// - Parameters:
  ///   - name: what the arms are; the family's is added where there are several.
  ///   - arms: called by the model of the teacher, such as `resnet20` or `by-resnet20`.
  ///   - look: of the lines; nil for students' looks in turn.
  /// - Returns: in the order of the families' first arms.
  static func ofFamilies(_ name: String, _ arms: [(x: Double, role: String)], look: Look? = nil) -> [LessonLine] {
    func family(_ role: String) -> String { String((role.split(separator: "-").last ?? "").prefix(while: \.isLetter)) }
    var families: [String] = []
    for arm in arms where !families.contains(family(arm.role)) { families.append(family(arm.role)) }
    return families.enumerated().map { place, own in
      LessonLine(
        name: families.count > 1 ? "\(name), \(own)" : name,
        arms: arms.filter { family($0.role) == own }.sorted { $0.x < $1.x }, look: look ?? RoleLook.student(place))
    }
  }
}

extension LessonMaterial {
  /// A quantity of arms over a number that tells them apart: means with bands, a dot for each seed.
  ///
  /// - Parameters:
  ///   - quantity: of every arm.
  ///   - x: the horizontal axis.
  ///   - lines: of arms.
  ///   - rules: networks whose mean is a line across, with its label.
  /// - Returns: a panel.
  func panel(
    _ quantity: LessonQuantity, over x: Axis, _ lines: [LessonLine], rules: [(role: String, label: String)] = []
  ) -> Panel {
    var marks: [Mark] = rules.compactMap { rule in
      estimate(quantity, rule.role).map { .horizontalRule($0.value * quantity.scale, label: rule.label) }
    }
    for line in lines {
      let means = line.arms.map { (x: $0.x, y: estimate(quantity, $0.role)?.scaled(by: quantity.scale)) }
      guard means.contains(where: { $0.y != nil }) else { continue }
      marks.append(.line(Line(line.name, means, look: line.look)))
      let dots = line.arms.flatMap { arm in
        values(quantity, arm.role).sorted { $0.key < $1.key }.map { Point(arm.x, $0.value * quantity.scale) }
      }
      marks.append(.points(Points(nil, points: dots, look: Look(color: line.look.color, marker: .plus))))
    }
    return .chart(Chart(x: x, y: Axis(quantity.title.drawnSymbol), marks: marks))
  }

  /// A quantity of arms as rows with intervals, the first on top.
  ///
  /// - Parameters:
  ///   - quantity: of every arm.
  ///   - roles: the rows.
  ///   - reference: the arm at which a line stands; nil for none.
  /// - Returns: a panel.
  func rows(_ quantity: LessonQuantity, _ roles: [String], reference: String? = nil) -> Panel {
    let rows = roles.map { Intervals.Row($0, estimate(quantity, $0), scale: quantity.scale, look: look($0)) }
    let line = reference.flatMap { estimate(quantity, $0) }.map { $0.value * quantity.scale }
    return .chart(
      Chart(
        x: Axis(quantity.title.drawnSymbol), y: Axis(""),
        marks: [.intervals(Intervals(rows: rows, look: RoleLook.student(0), reference: line))]))
  }

  /// The look of a role, as in every report.
  func look(_ role: String) -> Look {
    switch arm(role) {
    case RoleName.baseline: RoleLook.baseline
    case let arm where recipe.students.contains { $0.name == arm }: RoleLook.student(0)
    default: RoleLook.teacher
    }
  }

  /// The planned differences with their intervals, a panel for each quantity.
  func forest(_ findings: [LessonFinding]) -> ReportPicture? {
    let shown = findings.filter { $0.judgement.difference != nil }
    let groups = Dictionary(grouping: shown.indices) { shown[$0].claim.quantity }.values
      .sorted { $0[0] < $1[0] }.map { places in places.map { shown[$0] } }
    guard !groups.isEmpty else { return nil }
    return ReportPicture(
      name: "planned",
      figure: Figure(
        width: Figure.twoColumns, panels: groups.map { [forestPanel($0)] },
        rowHeight: 28 + 9 * Double(groups.map(\.count).max() ?? 1), showsLegend: false),
      alternative: "The planned differences with intervals, a cross for each seed",
      caption: """
        The planned differences, paired by seed, with 95 % Student t intervals before correction; a cross below each \
        interval for each seed. **Look for** intervals that leave out 0, and for how far the seeds of one row lie apart.
        """)
  }

  /// Differences of one quantity, the first on top.
  private func forestPanel(_ findings: [LessonFinding]) -> Panel {
    let quantity = findings[0].claim.quantity
    let rows = findings.map { finding in
      Intervals.Row(
        "\(finding.claim.role) − \(finding.claim.reference)", finding.judgement.difference, scale: quantity.scale)
    }
    let dots = findings.enumerated().map { place, finding -> Mark in
      let values = differences(quantity, finding.claim.role, finding.claim.reference)
      return .seeds(
        values.map { $0 * quantity.scale }, row: place, of: findings.count, color: RoleLook.student(0).color,
        marker: .plus)
    }
    return .chart(
      Chart(
        x: Axis(quantity.differenceTitle), y: Axis(""),
        marks: [.intervals(Intervals(rows: rows, look: RoleLook.student(0), reference: 0))] + dots))
  }
}

extension Estimate {
  /// The same in another unit.
  func scaled(by factor: Double) -> Estimate {
    Estimate(
      value * factor, lower: lower.map { $0 * factor }, upper: upper.map { $0 * factor }, count: count, method: method)
  }
}
