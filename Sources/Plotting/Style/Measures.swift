/// Sizes of text, lines and gaps in points, as seaborn's "paper" and matplotlib's proportions have them.
package struct Measures: Sendable {
  /// Colour of text.
  package static let ink = Color(hex: 0x262626)
  /// Colour of axis lines and ticks.
  static let axis = Color(hex: 0x4D4D4D)
  /// Colour of the grid.
  static let grid = Color(hex: 0xE3E3E3)
  /// A side of a chart that is spoken of.
  static let shade = Color(hex: 0xF0F3E6)
  /// Colour of what is said of missing things.
  static let faint = Color(hex: 0x7F7F7F)

  package let title: Double
  package let label: Double
  package let tick: Double
  package let legend: Double
  /// Values printed in cells, at most.
  let cellValue: Double
  let axisLine: Double
  let dataLine: Double
  let gridLine: Double
  /// Diameter.
  let marker: Double
  /// Between the lines of a hatching.
  let hatching: Double
  let tickLength: Double
  let tickPad: Double
  let labelPad: Double
  let titlePad: Double
  /// Around the figure and between its parts.
  let pad: Double

  /// - Parameter factor: 1 for print.
  package init(_ factor: Double) {
    title = 9.6 * factor
    label = 9.6 * factor
    tick = 8.8 * factor
    legend = 8.8 * factor
    cellValue = 7.2 * factor
    axisLine = 1.0 * factor
    dataLine = 1.2 * factor
    gridLine = 0.8 * factor
    marker = 4.8 * factor
    hatching = 3.2 * factor
    tickLength = 4.8 * factor
    tickPad = 2.8 * factor
    labelPad = 3.2 * factor
    titlePad = 4.8 * factor
    pad = 3.0 * factor
  }
}
