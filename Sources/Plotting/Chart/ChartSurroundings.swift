/// What surrounds the plot of a chart: ticks and their labels, the axes' labels, labels of rules, the title.
struct ChartSurroundings {
  private let measures: Measures
  private let meter: TextMeter
  private let xTicks: [Tick]
  private let yTicks: [Tick]
  private let categories: CategoryLabels?
  /// Empty where a neighbour says them.
  let rowLabels: [TextBlock]
  private let rows: Int
  /// At the right of the rows; empty where there are none.
  let rowNotes: [TextBlock]
  private let ruleLabels: RuleLabels
  private let title: TextBlock
  private let xLabel: TextBlock
  private let yLabel: TextBlock
  /// From the axes to the labels of their ticks.
  private let tickRoom: (x: Double, y: Double)
  /// Height of what stands at the ticks of x, and width of what stands at those of y.
  private let tickExtent: (x: Double, y: Double)
  let insets: Insets

  /// - Parameters:
  ///   - chart: its labels.
  ///   - contents: its scales and names.
  ///   - namedPanels: whose rows have their labels at the left of this one: its own, and those at its right with the
  ///     same rows; 0 where a neighbour has them.
  ///   - plot: size of the inner box.
  ///   - outer: size of the whole box, of which long labels take a share.
  ///   - measures: sizes of text and gaps.
  ///   - meter: measures all texts.
  init(
    _ chart: Chart, _ contents: ChartContents, namedPanels: Int, plot: Size, outer: Size, measures: Measures,
    meter: TextMeter
  ) {
    self.measures = measures
    self.meter = meter
    // Without data there are no numbers on an axis, unless it was given some.
    let hasX = contents.hasData || chart.x.range != nil || chart.x.ticks != nil
    let hasY = contents.hasData || chart.y.range != nil || chart.y.ticks != nil
    xTicks =
      !hasX || contents.categories != nil
      ? []
      : TickChoice(axis: chart.x, scale: contents.x).horizontal(length: plot.width, size: measures.tick, meter: meter)
    yTicks =
      !hasY || contents.rows != nil
      ? [] : TickChoice(axis: chart.y, scale: contents.y).vertical(length: plot.height, size: measures.tick)
    categories = contents.categories.map {
      CategoryLabels(
        $0, length: plot.width, longest: max(30, outer.height * 0.4), size: measures.tick,
        meter: meter)
    }
    rowLabels = meter.fitted(
      all: namedPanels > 0 ? contents.rows ?? [] : [], measures.tick,
      within: max(40, outer.width * (namedPanels > 1 ? 0.55 : 0.42)), maximumLines: 3)
    rowNotes = meter.fitted(
      all: contents.notes, measures.tick, within: max(40, outer.width * 0.34), maximumLines: 2)
    ruleLabels = RuleLabels(chart.marks, contents, plot: plot, outer: outer, measures: measures, meter: meter)
    let afterTick = measures.tickLength + measures.tickPad
    // Rows have no ticks.
    rows = contents.rows?.count ?? 0
    tickRoom = (afterTick, rows == 0 ? afterTick : measures.tickPad)
    tickExtent = (
      categories?.height ?? (xTicks.isEmpty ? 0 : meter.block("0", measures.tick).height),
      rowLabels.map(\.width).max() ?? yTicks.map { meter.width($0.label, measures.tick) }.max() ?? 0
    )
    yLabel = meter.fitted(namedPanels > 0 ? chart.y.label : "", measures.label, within: max(20, plot.height))
    var insets = Insets()
    insets.left = tickRoom.y + tickExtent.y
    if !yLabel.isEmpty { insets.left += measures.labelPad + yLabel.height }
    let notes = rowNotes.map(\.width).max() ?? 0
    insets.right = max(measures.pad, ruleLabels.width, notes > 0 ? notes + measures.labelPad : 0)
    if let categories {
      let overhang = categories.overhang(length: plot.width)
      insets.left = max(insets.left, overhang)
      insets.right = max(insets.right, overhang)
    }
    for tick in xTicks {
      let half = meter.width(tick.label, measures.tick) / 2
      let place = contents.x.fraction(tick.value) * plot.width
      insets.left = max(insets.left, half - place)
      insets.right = max(insets.right, half + place - plot.width)
    }

    let room = plot.width + 2 * min(insets.left, insets.right)
    xLabel = meter.fitted(chart.x.label, measures.label, within: room)
    title = chart.title.map { meter.fitted($0, measures.title, within: room) } ?? meter.block("", measures.title)
    insets.bottom = tickRoom.x + tickExtent.x
    if !xLabel.isEmpty { insets.bottom += measures.labelPad * 0.5 + xLabel.height }
    // Half of the uppermost label stands above the plot.
    insets.top = max(ruleLabels.height, measures.tick * 0.5)
    if !title.isEmpty { insets.top = ruleLabels.height + measures.titlePad + title.height }
    self.insets = insets
  }

  /// Faint lines at the ticks.
  func grid(_ frame: PlotFrame) -> [Element] {
    let stroke = Shape.Stroke(color: Measures.grid, width: measures.gridLine)
    return xTicks.map { .shape(.vertical(frame.x($0.value), frame.box.y...frame.box.maxY, stroke)) }
      + yTicks.map { .shape(.horizontal(frame.y($0.value), frame.box.x...frame.box.maxX, stroke)) }
      + (0..<rows).map { .shape(.horizontal(rowMiddle($0, frame.box), frame.box.x...frame.box.maxX, stroke)) }
  }

  /// The lines of both axes with their ticks.
  func axes(_ frame: PlotFrame) -> [Element] {
    let stroke = Shape.Stroke(color: Measures.axis, width: measures.axisLine)
    let box = frame.box
    let corner = [Point(box.x, box.y), Point(box.x, box.maxY), Point(box.maxX, box.maxY)]
    return [.shape(.polyline(corner, stroke: stroke))]
      + xTicks.map { .shape(.vertical(frame.x($0.value), box.maxY...(box.maxY + measures.tickLength), stroke)) }
      + yTicks.map { .shape(.horizontal(frame.y($0.value), (box.x - measures.tickLength)...box.x, stroke)) }
  }

  /// All texts.
  func texts(_ frame: PlotFrame) -> [Element] {
    let box = frame.box
    let tickTop = box.maxY + tickRoom.x
    var texts = xTicks.flatMap {
      meter.block($0.label, measures.tick)
        .elements(at: Point(frame.x($0.value), tickTop), .center, .top, meter: meter)
    }
    texts += categories?.elements(box, top: tickTop, meter: meter) ?? []
    texts += yTicks.flatMap {
      meter.block($0.label, measures.tick)
        .elements(at: Point(box.x - tickRoom.y, frame.y($0.value)), .trailing, .middle, meter: meter)
    }
    texts += rowLabels.enumerated().flatMap { index, block in
      block.elements(
        at: Point(box.x - tickRoom.y, rowMiddle(index, box)), .trailing, .middle, meter: meter)
    }
    texts += rowNotes.enumerated().flatMap { index, block in
      block.elements(at: Point(box.maxX + measures.labelPad, rowMiddle(index, box)), .leading, .middle, meter: meter)
    }
    texts += xLabel.elements(
      at: Point(box.midX, tickTop + tickExtent.x + measures.labelPad * 0.5), .center, .top, meter: meter)
    let labelEdge = box.x - tickRoom.y - tickExtent.y - measures.labelPad - yLabel.height
    texts += yLabel.verticalElements(x: labelEdge, y: box.midY, meter: meter)
    texts += ruleLabels.elements(box, meter: meter)
    texts += title.elements(
      at: Point(box.midX, box.y - ruleLabels.height - measures.titlePad), .center, .bottom, meter: meter)
    return texts
  }

  private func rowMiddle(_ index: Int, _ box: Rectangle) -> Double {
    box.y + (Double(index) + 0.5) * box.height / Double(max(1, rows))
  }
}
