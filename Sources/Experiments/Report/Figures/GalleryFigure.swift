import Analysis
import Datasets
import Plotting
import Support

extension ReportMaterial {
  /// Images, masks and entropy maps at the first, middle and last epoch, baseline beside students, one colour scale.
  func galleryFigure(_ layer: LayerStudy) -> Figure {
    let study = layer.study
    let seed = recipe.seeds.first ?? 1
    let runs = study.roles.compactMap { role in study.series(of: role).first { $0.seed == seed } }
    let places = Self.shownImages(study, labels: data.development.labels)
    let learning = recipe.learningEpochs(layer.procedure)
    let epochs =
      learning.count > 2 ? [learning[0], learning[(learning.count - 1) / 2], learning[learning.count - 1]] : learning
    var shown: [Float] = []
    let cells = places.map { place -> [Gallery.Cell] in
      let index = study.images.indices[place]
      let mask = Gallery.Mask(of: data.development, index)
      let maps = runs.flatMap { run in
        epochs.map { epoch -> Gallery.Cell in
          guard let position = run.epochs.firstIndex(of: epoch) else { return .blank }
          let values = run.maps[position][place].aboveSurroundings(study.images.foreground[place])
          shown += values
          return .heat(rows: recipe.analysis.grid, columns: recipe.analysis.grid, values: values, outline: mask)
        }
      }
      return [.image(of: data.development, index), .mask(mask)] + maps
    }
    let titles = ["image", "mask"] + runs.flatMap { _ in epochs.map { "epoch \($0)" } }
    let groups = [Gallery.ColumnGroup("probe image", count: 2)]
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .gallery(
            Gallery(
              columnTitles: titles,
              rowTitles: places.map {
                data.development.classes[Int(data.development.labels[study.images.indices[$0]])]
              },
              columnGroups: groups + runs.map { Gallery.ColumnGroup(shortTitle($0.role), count: epochs.count) },
              cells: cells, heatRange: Self.limits(shown), colourBarLabel: "H − H̄_{bg} / nats"))
        ]
      ], rowHeight: Double(20 + 19 * places.count), showsLegend: false)
  }

  /// A title that fits above few columns.
  private func shortTitle(_ role: String) -> String {
    [RoleName.baseline, "student"].contains(role) ? role : "student: \(role)"
  }
}

extension Gallery.Cell {
  /// An image of a set, one colour as grey.
  static func image(of set: ImageSet, _ index: Int) -> Gallery.Cell {
    let values = set.withImage(index) { Array($0) }
    let rgb = set.channels == 3 ? values : values.flatMap { [$0, $0, $0] }
    return .image(width: set.width, height: set.height, rgb: rgb)
  }
}

extension Gallery.Mask {
  /// The mask of an image of a set; empty where the set has none.
  init(of set: ImageSet, _ index: Int) {
    let size = set.height * set.width
    let inside = set.masks.map { masks in masks[index * size..<(index + 1) * size].map { $0 != 0 } }
    self.init(width: set.width, height: set.height, isInside: inside ?? Array(repeating: false, count: size))
  }
}
