import Analysis
import Plotting
import Statistics

/// Figures and tables of `probe entropy` and `probe concepts`.
public struct MapFiles: ProbeFiles {
  private let probe: MapProbe
  private let thresholds: [Double]
  private let imageNames: [String]?

  /// - Parameters:
  ///   - probe: the maps.
  ///   - thresholds: b of the concept counts, nats; none for entropies alone.
  ///   - names: of the images of the set, where there are no classes to name them by.
  public init(_ probe: MapProbe, thresholds: [Double] = [], names: [String]? = nil) {
    self.probe = probe
    self.thresholds = thresholds
    imageNames = probe.probe.set.classes.count > 1 ? nil : names
  }

  /// Images, masks and maps side by side on one scale, at most twelve images.
  public var figures: [(name: String, figure: Plotting.Figure)] {
    let set = probe.probe.set
    let shown = Array(probe.probe.images.indices.prefix(12).enumerated())
    let cells = shown.map { place, index -> [Gallery.Cell] in
      let mask = probe.hasMasks ? Gallery.Mask(of: set, index) : nil
      let maps = probe.answers.map { answer in
        Gallery.Cell.heat(
          rows: probe.grid, columns: probe.grid, values: answer.maps[place].entropies, outline: mask)
      }
      return [.image(of: set, index)] + (mask.map { [.mask($0)] } ?? []) + maps
    }
    // A space lets a long name break at its folder.
    let names = shortNames(probe.answers.map(\.name)).map { $0.replacing("/", with: "/ ") }
    let titles = ["image"] + (probe.hasMasks ? ["mask"] : []) + names
    let gallery = Gallery(
      columnTitles: titles, rowTitles: shown.map { imageNames?[$0.element] ?? probe.classNames[$0.offset] },
      cells: cells,
      colourBarLabel: "entropy of a cell / nats")
    // As wide as its columns need, so that cells keep a size in which they can be read.
    let width = min(Figure.twoColumns, 40 + 26 * Double(titles.count))
    return [
      (
        name: "entropy",
        figure: Figure(
          width: width, panels: [[.gallery(gallery)]], rowHeight: Double(20 + 24 * shown.count), showsLegend: false)
      )
    ]
  }

  /// Entropies cell by cell; with thresholds, counts image by image.
  public var tables: [(name: String, table: Table)] {
    var cells = Table([
      Table.Column("checkpoint", .text, "The checkpoint: what tells its path from the others'."),
      Table.Column("layer", .text, "Its layer."),
      Table.Column("image", .integer, "Index of the image among those that are asked about."),
      Table.Column("class", .text, "Its class."), Table.Column("row", .integer, "Row of the cell, from 0 at the top."),
      Table.Column("column", .integer, "Column of the cell, from 0 at the left."),
      Table.Column("foreground", .integer, "1 where at least half of the cell is the object; empty: no masks."),
      Table.Column("entropy", .number, unit: "nats", "Entropy of the cell."),
    ])
    for (name, answer) in zip(shortNames(probe.answers.map(\.name)), probe.answers) {
      for (place, map) in answer.maps.enumerated() {
        for (cell, entropy) in map.entropies.enumerated() {
          cells.append([
            .text(name), .text(answer.layer), .integer(probe.probe.images.indices[place]),
            .text(probe.classNames[place]), .integer(cell / probe.grid), .integer(cell % probe.grid),
            probe.hasMasks ? .integer(probe.probe.images.foreground[place][cell] ? 1 : 0) : .empty, Cell(entropy),
          ])
        }
      }
    }
    let counts = thresholds.isEmpty ? [] : [(name: "counts", table: probe.study(thresholds: thresholds).countTable)]
    return [(name: "entropy", table: cells)] + counts
  }
}
