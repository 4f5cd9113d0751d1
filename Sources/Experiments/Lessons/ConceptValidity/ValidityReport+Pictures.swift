import Analysis
import Datasets
import Plotting
import Reporting

extension ValidityReport {
  /// All figures, in the report's order.
  var pictures: [ReportPicture] {
    get throws {
      let bands = "95 % two-level bootstrap over \(lesson.seeds.count) seeds and \(study.images.count) images."
      let layer = lesson.mainLayer
      return [
        ReportPicture(
          name: "gallery", figure: try galleryFigure,
          alternative: "Probe images, the informative part, and entropy maps of the four networks",
          caption: """
            Maps at \(code: layer), seed 1: entropy minus its mean over the background. Dark cells are what the \
            network keeps; those more than b below zero are concepts. The line is the outline of the \(part). **Look \
            for** dark cells inside the line in the trained network alone, and for what is dark outside it.
            """),
        ReportPicture(
          name: "scores", figure: scoreFigure,
          alternative: "Average precision and AUROC of every network and layer with intervals and chance",
          caption: """
            How well a map finds the \(part), without any threshold. The vertical line is chance. **Look for** the \
            trained network to the right of the untrained one and of shuffled labels; below right: whether it tells \
            the \(part) from the rest of the object. Intervals: \(bands)
            """),
        ReportPicture(
          name: "differences", figure: differenceFigure,
          alternative: "Paired differences between the trained network and its rivals",
          caption: """
            What the verdicts are read from: trained − rival, paired by seed and image. An interval right of zero: \
            the trained network beats that rival. Intervals: \(bands)
            """),
        ReportPicture(
          name: "thresholds", figure: thresholdFigure,
          alternative: "Precision and recall of concepts over the threshold b, and against each other",
          caption: """
            The same as a function of b, at \(code: layer). **Look for** a curve that lies above the others at every \
            b; one that only moves along the curve at the right (more concepts, less precise) is no better. Bands: \
            \(bands)
            """),
        ReportPicture(
          name: "places", figure: placeFigure,
          alternative: "Share of concepts on each region beside its share of cells",
          caption: """
            Where concepts lie at b = \(NumberFormat.significant(ConceptValidity.mainThreshold, 2)), \(code: layer). \
            **Look for** bars above the last one of their group: more concepts than cells at random places would \
            give. Intervals: \(bands)
            """),
        ReportPicture(
          name: "robustness", figure: robustnessFigure,
          alternative: "Rank correlations of maps measured in different ways",
          caption: """
            The same image, the same trained network, measured differently. 1 is perfect agreement. **Look for** noise \
            draws first: no other change can agree better than a repetition does. Intervals: \(bands)
            """),
        ReportPicture(
          name: "training", figure: trainingFigure,
          alternative: "Development accuracy over epochs, true and shuffled labels",
          caption: """
            That there is knowledge to find: the network solves the task, and the control does not. Mean over seeds \
            with 95 % Student t interval; one mark per seed for the half-trained network.
            """),
      ]
    }
  }

  private var galleryFigure: Plotting.Figure {
    get throws {
      let set = try lesson.data().development
      let size = set.height * set.width
      let seed = lesson.seeds[0]
      let runs = study.runs.filter { $0.layer == lesson.mainLayer && $0.seed == seed }
      let places = Array(study.images.indices.prefix(6))
      let rows = places.map { place -> [Gallery.Cell] in
        let index = study.images[place]
        let parts = set.parts.map { Array($0[index * size..<(index + 1) * size]) } ?? []
        func mask(_ isInside: (UInt8) -> Bool) -> Gallery.Mask {
          Gallery.Mask(width: set.width, height: set.height, isInside: parts.map(isInside))
        }
        let informative = mask { $0 == lesson.part.rawValue }
        let pixels = set.withImage(index) { Array($0) }
        return [
          .image(width: set.width, height: set.height, rgb: pixels), .mask(mask { $0 != 0 }), .mask(informative),
        ]
          + runs.map { run in
            .heat(
              rows: ConceptValidity.grid, columns: ConceptValidity.grid,
              values: centred(run.maps[place], study.cells[place]), outline: informative)
          }
      }
      return Figure(
        width: Figure.twoColumns,
        panels: [
          [
            .gallery(
              Gallery(
                columnTitles: ["image", "object", part] + runs.map(\.network),
                rowTitles: places.map { set.classes[Int(set.labels[study.images[$0]])] },
                cells: rows, heatRange: -1.5...1.5, colourBarLabel: "entropy − background's mean / nats"))
          ]
        ], rowHeight: Double(20 + 19 * places.count), showsLegend: false)
    }
  }

  /// Entropies minus their mean over the background, nats.
  private func centred(_ map: EntropyMap, _ cells: PartCells) -> [Float] {
    guard let means = try? map.regionEntropies(foreground: cells.foreground).get() else {
      return map.entropies.map { _ in .nan }
    }
    return map.entropies.map { $0 - Float(means.background) }
  }
}
