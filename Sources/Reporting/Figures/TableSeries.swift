import Plotting
import Statistics

/// One series of a plain table: a value with its interval at each place.
struct TableSeries {
  struct Place {
    let x: Cell
    let y: Double
    let interval: Interval
    let count: Int
  }

  let places: [Place]
  let look: Look
  private let name: String?
  /// What the repetitions behind a place are.
  private let unit: String

  /// - Parameters:
  ///   - table: the rows of the series.
  ///   - x: column of the places.
  ///   - y: column of the values.
  ///   - interval: columns of the values' intervals, which hold where no place has several rows.
  ///   - key: what the series is called.
  ///   - look: of the marks.
  init(_ table: Table, x: String, y: String, interval: (low: String, high: String)?, key: [Cell], look: Look) {
    let gathered = Gathered(table, x: x, y: y, interval: interval)
    let hasSeeds = gathered.hasSeveralSeeds
    let range = QuantityRange.named(y, values: gathered.values.flatMap(\.self))
    unit = hasSeeds ? "seeds" : ""
    places = gathered.xs.indices.compactMap { place in
      if let interval = gathered.interval(of: place) {
        return Place(x: gathered.xs[place], y: gathered.values[place][0], interval: interval, count: 1)
      }
      let values = hasSeeds ? gathered.meansOfSeeds(at: place) : gathered.values[place]
      // One value needs no statistics, and a table may have a million of them.
      if values.count == 1 { return Place(x: gathered.xs[place], y: values[0], interval: .unknown, count: 1) }
      return studentInterval(of: values, within: range).map { estimate in
        Place(
          x: gathered.xs[place], y: estimate.value, interval: Interval(estimate.lower ?? .nan, estimate.upper ?? .nan),
          count: estimate.count)
      }
    }
    name = key.isEmpty ? nil : key.map(\.description).filter { !$0.isEmpty }.joined(separator: ", ")
    self.look = look
  }

  /// The name with the number of repetitions behind each place.
  var legend: String? {
    let counts = places.map(\.count)
    guard let least = counts.min(), let most = counts.max(), most > 1 else { return name }
    let number = least == most ? "\(most)" : "\(least) to \(most)"
    let n = unit.isEmpty ? "n = \(number)" : "\(number) \(unit)"
    return name.map { "\($0), \(n)" } ?? "mean, \(n)"
  }

  /// A line from place to place; points where they come in no order and none is a mean.
  var mark: Mark {
    let known = places.compactMap { place in place.x.number.map { (x: $0, place: place) } }
    let isOrdered = zip(known, known.dropFirst()).allSatisfy { $0.x < $1.x }
    let isMean = places.contains { $0.count > 1 }
    let isLine = known.count > 1 && (isOrdered || isMean)
    let sorted = isLine ? known.sorted { $0.x < $1.x } : known
    let points = sorted.map { Point($0.x, $0.place.y) }
    let intervals = sorted.map(\.place.interval)
    let hasIntervals = intervals.contains { $0.lower.isFinite }
    return isLine
      ? .line(Line(legend, points: points, band: hasIntervals ? intervals : [], look: look))
      : .points(Points(legend, points: points, errors: hasIntervals ? intervals : [], look: look))
  }
}

/// The rows of a series by their place on the horizontal axis.
private struct Gathered {
  private(set) var xs: [Cell] = []
  private(set) var values: [[Double]] = []
  private var seeds: [[Cell]] = []
  private var intervals: [Interval?] = []
  private var hasRepetitions = false

  init(_ table: Table, x: String, y: String, interval: (low: String, high: String)?) {
    guard let xPosition = table.position(of: x), let yPosition = table.position(of: y) else { return }
    let ends = interval.flatMap { interval in
      table.position(of: interval.low).flatMap { low in table.position(of: interval.high).map { (low, $0) } }
    }
    let seed = x == "seed" || y == "seed" ? nil : table.position(of: "seed")
    var places: [Cell: Int] = [:]
    for row in table.rows {
      guard let value = row[yPosition].number, value.isFinite else { continue }
      let found = ends.map { Interval(row[$0].number ?? .nan, row[$1].number ?? .nan) }
      if let place = places[row[xPosition]] {
        values[place].append(value)
        if let seed { seeds[place].append(row[seed]) }
        hasRepetitions = true
      } else {
        places[row[xPosition]] = xs.count
        xs.append(row[xPosition])
        values.append([value])
        if let seed { seeds.append([row[seed]]) }
        if ends != nil { intervals.append(found) }
      }
    }
  }

  /// Whether places have rows of several seeds, and several rows of one: images of one network are no repetitions of
  /// its training.
  var hasSeveralSeeds: Bool { seeds.contains { Set($0).count > 1 } }

  /// The interval that the table says; nil where a place has several rows, of which each has its own.
  func interval(of place: Int) -> Interval? { hasRepetitions || intervals.isEmpty ? nil : intervals[place] }

  /// The mean of each seed's rows.
  func meansOfSeeds(at place: Int) -> [Double] {
    var order: [Cell] = []
    var own: [Cell: [Double]] = [:]
    for (seed, value) in zip(seeds[place], values[place]) {
      if own[seed] == nil { order.append(seed) }
      own[seed, default: []].append(value)
    }
    return order.compactMap { own[$0].flatMap { mean(of: $0) } }
  }
}
