import Plotting
import Statistics
import Support

/// A figure of a plain table: lines over numbers, bars over texts.
///
/// Rows of one series at one place are repetitions, such as seeds: their mean is drawn with a 95 % Student t interval
/// and n in the legend, unless the table has columns of intervals itself.
public enum TableChart {
  private static let mostSeries = 24
  private static let mostBars = 200

  /// The figure of a table.
  ///
  /// - Parameters:
  ///   - table: at least one row.
  ///   - question: what of it is drawn.
  ///   - place: what errors call the table.
  ///   - width: in millimetres.
  ///   - doubts: what is wrong in columns that would hold numbers but for a few fields.
  /// - Returns: one panel for each vertical column, below each other.
  /// - Throws: ``InputError`` for columns that are not there, or where nothing can be drawn.
  public static func figure(
    of table: Table, _ question: TableQuestion = TableQuestion(), at place: String, width: Double = Figure.oneColumn,
    doubts: [String: InputError] = [:]
  ) throws -> Figure {
    var table = table
    if let doubt = Self.doubt(doubts, question, table) { throw doubt }
    for condition in question.conditions { table = try table.keeping(condition, at: place) }
    table = table.withoutPartsOfSummaries(question)
    let columns = try TableColumns(table, question, at: place)
    let groups = table.grouped(by: columns.groups)
    guard groups.count <= mostSeries else {
      throw InputError(
        place, "columns \(columns.groups.joined(separator: ", ")) make \(groups.count) series",
        remedy: "up to \(mostSeries) can be told apart; take fewer with --where COLUMN=VALUE, or other --group")
    }
    let isCategory = table.columns.contains { $0.name == columns.x && $0.kind == .text }
    let categories = isCategory ? table.different(columns.x, upTo: mostBars + 1) : []
    guard categories.count <= mostBars else {
      throw InputError(
        place, "column '\(columns.x)' holds more than \(mostBars) different texts",
        remedy: "as many bars can be told apart; take fewer with --where COLUMN=VALUE, or another --x")
    }
    let looks = looks(groups.map(\.key))
    let panels = columns.y.map { y -> Panel in
      let series = zip(groups, looks).map { group, look in
        TableSeries(group.table, x: columns.x, y: y, interval: columns.interval(of: y), key: group.key, look: look)
      }
      let marks = isCategory ? [bars(series, categories)] : series.map(\.mark)
      return .chart(
        Chart(
          title: columns.y.count > 1 ? table.title(of: y) : nil,
          x: Axis(
            table.title(of: columns.x), isWholeNumbers: table.isWhole(columns.x) && !question.isLogarithmicX,
            isLogarithmic: question.isLogarithmicX && !isCategory),
          y: Axis(table.title(of: y), isLogarithmic: question.isLogarithmicY && !isCategory), marks: marks))
    }
    return Figure(width: width, panels: panels.map { [$0] }, rowHeight: 60)
  }

  /// What is wrong in a column that is drawn, or would be if all of its fields were numbers.
  private static func doubt(_ doubts: [String: InputError], _ question: TableQuestion, _ table: Table) -> InputError? {
    let asked = question.x == nil || question.y.isEmpty ? table.columns.map(\.name) : [question.x ?? ""] + question.y
    return asked.compactMap { doubts[$0] }.first
  }

  /// Roles look as in all figures where they tell the series apart; the others follow one another.
  private static func looks(_ keys: [[Cell]]) -> [Look] {
    let areRoles = keys.allSatisfy { $0.count == 1 }
    var students = 0
    return keys.map { key in
      switch areRoles ? key[0].text : nil {
      case RoleName.teacher: return RoleLook.teacher
      case RoleName.baseline: return RoleLook.baseline
      default:
        students += 1
        return RoleLook.student(students - 1)
      }
    }
  }

  private static func bars(_ series: [TableSeries], _ categories: [Cell]) -> Mark {
    .bars(
      Bars(
        categories: categories.map(\.description),
        series: series.map { one in
          let places = Dictionary(one.places.map { ($0.x, $0) }) { first, _ in first }
          let found = categories.map { places[$0] }
          return Bars.Series(
            one.legend, values: found.map { $0?.y ?? .nan }, errors: found.map { $0?.interval ?? .unknown },
            look: one.look)
        }))
  }
}

extension Table {
  /// The rows over all seeds alone, where a table has rows of each seed and rows without one, which summarise them.
  fileprivate func withoutPartsOfSummaries(_ question: TableQuestion) -> Table {
    guard position(of: "seed") != nil, !question.conditions.contains(where: { $0.column == "seed" }),
      question.x != "seed", !question.groups.contains("seed")
    else { return self }
    let summaries = filtered("seed", .empty)
    return summaries.rows.isEmpty ? self : summaries
  }

  /// A column's name as an axis has it, with its unit.
  fileprivate func title(of name: String) -> String {
    let unit = columns.first { $0.name == name }?.unit ?? ""
    return name.replacing("_", with: " ") + (unit.isEmpty ? "" : " / \(unit)")
  }

  fileprivate func isWhole(_ name: String) -> Bool { columns.contains { $0.name == name && $0.kind == .integer } }
}
