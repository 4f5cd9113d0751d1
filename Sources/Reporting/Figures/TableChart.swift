import Plotting
import Statistics
import Support

/// A figure of a plain table: lines over numbers, bars over texts.
///
/// Rows of one series at one place are repetitions, such as seeds: their mean is drawn with a 95 % Student t interval
/// and n in the legend, unless the table has columns of intervals itself.
public enum TableChart {
  private static let mostSeries = 24

  /// The figure of a table.
  ///
  /// - Parameters:
  ///   - table: at least one row.
  ///   - question: what of it is drawn.
  ///   - place: what errors call the table.
  ///   - width: in millimetres.
  /// - Returns: one panel for each vertical column, below each other.
  /// - Throws: ``InputError`` for columns that are not there, or where nothing can be drawn.
  public static func figure(
    of table: Table, _ question: TableQuestion = TableQuestion(), at place: String, width: Double = Figure.oneColumn
  ) throws -> Figure {
    var table = table
    for condition in question.conditions { table = try table.keeping(condition, at: place) }
    let columns = try TableColumns(table, question, at: place)
    let groups = table.grouped(by: columns.groups)
    guard groups.count <= mostSeries else {
      throw InputError(
        place, "columns \(columns.groups.joined(separator: ", ")) make \(groups.count) series",
        remedy: "up to \(mostSeries) can be told apart; take fewer with --where COLUMN=VALUE, or other --group")
    }
    let isCategory = table.columns.contains { $0.name == columns.x && $0.kind == .text }
    let looks = looks(groups.map(\.key))
    let panels = columns.y.map { y -> Panel in
      let series = zip(groups, looks).map { group, look in
        TableSeries(group.table, x: columns.x, y: y, interval: columns.interval(of: y), key: group.key, look: look)
      }
      let marks = isCategory ? [bars(series, table.values(columns.x))] : series.map(\.mark)
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

  /// Roles look as in all figures where they tell the series apart; the others follow one another.
  private static func looks(_ keys: [[Cell]]) -> [Look] {
    let areRoles = keys.allSatisfy { $0.count == 1 }
    var students = 0
    return keys.map { key in
      switch areRoles ? key[0].text : nil {
      case "teacher": return RoleLook.teacher
      case "baseline": return RoleLook.baseline
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
          let found = categories.map { category in one.places.first { $0.x == category } }
          return Bars.Series(
            one.legend, values: found.map { $0?.y ?? .nan }, errors: found.map { $0?.interval ?? .unknown },
            look: one.look)
        }))
  }
}

/// One series of a plain table: a value with its interval at each place.
private struct TableSeries {
  struct Place {
    let x: Cell
    let y: Double
    let interval: Interval
    let count: Int
  }

  let places: [Place]
  let look: Look
  private let name: String?

  init(_ table: Table, x: String, y: String, interval: (low: String, high: String)?, key: [Cell], look: Look) {
    if let interval {
      places = table.observations.compactMap { row in
        row.number(y).map { value in
          Place(
            x: row[x], y: value,
            interval: Interval(row.number(interval.low) ?? .nan, row.number(interval.high) ?? .nan), count: 1)
        }
      }
    } else {
      places = table.grouped(by: [x]).compactMap { group in
        studentInterval(of: group.table.numbers(y).filter(\.isFinite)).map { estimate in
          Place(
            x: group.key[0], y: estimate.value, interval: Interval(estimate.lower ?? .nan, estimate.upper ?? .nan),
            count: estimate.count)
        }
      }
    }
    name = key.isEmpty ? nil : key.map(\.description).joined(separator: ", ")
    self.look = look
  }

  /// The name with the number of repetitions behind each place.
  var legend: String? {
    let counts = places.map(\.count)
    guard let least = counts.min(), let most = counts.max(), most > 1 else { return name }
    let n = least == most ? "n = \(most)" : "n = \(least) to \(most)"
    return name.map { "\($0), \(n)" } ?? "mean, \(n)"
  }

  /// A line from place to place; points where they come in no order and none is a mean.
  var mark: Mark {
    let known = places.compactMap { place in place.x.number.map { (x: $0, place: place) } }
    let isOrdered = zip(known, known.dropFirst()).allSatisfy { $0.x < $1.x }
    let isRepeated = Set(known.map(\.x)).count < known.count
    let isMean = places.contains { $0.count > 1 }
    let isLine = known.count > 1 && !isRepeated && (isOrdered || isMean)
    let sorted = isLine ? known.sorted { $0.x < $1.x } : known
    let points = sorted.map { Point($0.x, $0.place.y) }
    let intervals = sorted.map(\.place.interval)
    let hasIntervals = intervals.contains { $0.lower.isFinite }
    return isLine
      ? .line(Line(legend, points: points, band: hasIntervals ? intervals : [], look: look))
      : .points(Points(legend, points: points, errors: hasIntervals ? intervals : [], look: look))
  }
}

extension Table {
  /// A column's name as an axis has it, with its unit.
  fileprivate func title(of name: String) -> String {
    let unit = columns.first { $0.name == name }?.unit ?? ""
    return name.replacing("_", with: " ") + (unit.isEmpty ? "" : " / \(unit)")
  }

  fileprivate func isWhole(_ name: String) -> Bool { columns.contains { $0.name == name && $0.kind == .integer } }
}
