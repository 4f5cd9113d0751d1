/// A figure as a drawing: the panels' rows, and the legend below.
struct FigureLayout {
  /// Sizes of text, relative to what was asked for, that are tried until everything has room.
  private static let reductions = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4]

  private let figure: Figure
  private let measures: Measures
  private let meter: TextMeter
  private let grid: PanelGrid

  /// - Parameters:
  ///   - figure: the panels.
  ///   - scale: size of text and lines; they are drawn smaller where they would leave the plots no room.
  ///   - meter: measures all texts.
  ///   - isNoted: whether marks tell their values.
  /// - Returns: all elements in points.
  static func scene(_ figure: Figure, scale: FigureScale, meter: TextMeter, isNoted: Bool) -> Scene {
    var scene = Scene(size: Size(1, 1), elements: [])
    for reduction in reductions {
      let layout = FigureLayout(figure, measures: Measures(scale.factor * reduction), meter: meter, isNoted: isNoted)
      scene = layout.scene()
      if layout.grid.hasRoom && scene.isUnclipped { break }
    }
    return scene
  }

  private init(_ figure: Figure, measures: Measures, meter: TextMeter, isNoted: Bool) {
    self.figure = figure
    self.measures = measures
    self.meter = meter
    grid = PanelGrid(figure, measures: measures, meter: meter, isNoted: isNoted)
  }

  private func scene() -> Scene {
    var elements: [Element] = []
    for row in figure.panels.indices {
      for column in figure.panels[row].indices {
        let outer = grid.box(row, column)
        elements += grid.layouts[row][column].elements(plot: outer.inset(by: grid.insets[row][column]), outer: outer)
      }
    }
    let legend = LegendLayout(
      figure.showsLegend ? LegendEntry.entries(figure.panels.flatMap { $0 }) : [],
      width: grid.width - 2 * measures.pad, measures: measures, meter: meter)
    elements += legend.elements(Rectangle(x: 0, y: grid.bottom, width: grid.width, height: legend.height))
    return Scene(size: Size(grid.width, grid.bottom + legend.height + measures.pad), elements: elements)
  }
}

extension Scene {
  /// Whether all texts lie inside.
  fileprivate var isUnclipped: Bool {
    let canvas = Rectangle(x: 0, y: 0, width: size.width, height: size.height)
    return texts.allSatisfy { canvas.contains($0.box) }
  }
}
