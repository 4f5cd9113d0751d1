/// The ticks of an axis of some length: as many as the rule allows and as have room.
struct TickChoice {
  let axis: Axis
  let scale: AxisScale

  /// Ticks below a horizontal axis; where their labels would meet there are fewer.
  func horizontal(length: Double, size: Double, meter: TextMeter) -> [Tick] {
    choose { ticks in
      let spans = ticks.map { tick in
        let half = meter.width(tick.label, size) / 2
        let middle = scale.fraction(tick.value) * length
        return (start: middle - half, end: middle + half)
      }
      return zip(spans, spans.dropFirst()).allSatisfy { $0.end + 0.6 * size <= $1.start }
    }
  }

  /// Ticks beside a vertical axis; where their labels would meet there are fewer.
  func vertical(length: Double, size: Double) -> [Tick] {
    choose { ticks in
      let places = ticks.map { scale.fraction($0.value) * length }
      return zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= 1.4 * size }
    }
  }

  private func choose(_ fits: ([Tick]) -> Bool) -> [Tick] {
    if let given = axis.ticks {
      let shown = given.filter { scale.shows($0.value) && isInside($0.value) }.sorted { $0.value < $1.value }
        .map { Tick($0.value, $0.label.split(whereSeparator: \.isNewline).joined(separator: " ")) }
      return thinned(shown, fits)
    }
    var last: [Tick] = []
    for intervals in stride(from: 9, through: 1, by: -1) {
      let ticks = automatic(intervals)
      guard !ticks.isEmpty else { continue }
      if fits(ticks) { return ticks }
      last = ticks
    }
    return thinned(last, fits)
  }

  private func automatic(_ maximumIntervals: Int) -> [Tick] {
    if scale.isLogarithmic {
      let values = TickRule.logarithmicValues(scale.domain, maximumIntervals: maximumIntervals).filter(isInside)
      return zip(values, NumberText.logarithmicLabels(values)).map { Tick($0, $1) }
    }
    let values = TickRule.values(
      scale.domain, maximumIntervals: maximumIntervals, areWhole: axis.isWholeNumbers
    ).filter(isInside)
    return zip(values, NumberText.labels(values)).map { Tick($0, $1) }
  }

  private func thinned(_ ticks: [Tick], _ fits: ([Tick]) -> Bool) -> [Tick] {
    for step in 1...max(1, ticks.count) {
      let some = stride(from: 0, to: ticks.count, by: step).map { ticks[$0] }
      if fits(some) { return some }
    }
    return Array(ticks.prefix(1))
  }

  private func isInside(_ value: Double) -> Bool { (-1e-6...1 + 1e-6).contains(scale.fraction(value)) }
}
