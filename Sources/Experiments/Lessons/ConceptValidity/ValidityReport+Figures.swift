import Analysis
import Datasets
import Plotting
import Reporting
import Statistics

extension ValidityReport {
  /// All figures, in the report's order.
  var pictures: [ReportPicture] {
    get throws {
      let seeds = "95 % Student t over \(lesson.seeds.count) seeds"
      let ways = ReportPicture(
        name: "ways", figure: waysFigure, alternative: "The index in other ways of measuring",
        caption:
          "The index, one change at a time. **Look for** intervals in the shaded side, and what moves them. \(seeds).")
      return [
        ReportPicture(
          name: "index", figure: indexFigure,
          alternative: "The index of every level, of trained, half-trained and untrained networks",
          caption: """
            The index of double dissociation. The shaded side begins at the bar of \
            \(NumberFormat.significant(DissociationStudy.bar, 2)). **Look for** trained networks whose interval lies in \
            it, and for untrained ones at 0. One dot for each seed. Intervals: \(seeds).
            """),
        ReportPicture(
          name: "gallery", figure: try galleryFigure,
          alternative: "Pictures, their parts, and the maps of both networks",
          caption: """
            Seed \(lesson.seeds[0]), \(code: lesson.mainLayer), position removed, on one scale. Dark cells are what a \
            network keeps. **Look for** part A, and it alone, dark in the maps of a, and part B in those of b. The line in \
            the maps is the outline of the network's own part.
            """),
      ] + (changed.isEmpty ? [] : [ways]) + [
        ReportPicture(
          name: "training", figure: trainingFigure, alternative: "Development accuracy over epochs, level by level",
          caption: """
            Development accuracy of both networks, mean over seeds with 95 % Student t interval. Below the line \
            (\(NumberFormat.percent(ConceptValidity.solvedAccuracy, decimals: 0))) a level is not judged.
            """)
      ]
    }
  }

  private func look(_ stage: PartsStage) -> Look {
    switch stage {
    case .untrained: Look(color: RoleLook.reference.color, dash: [1.5, 1.5], marker: .cross)
    case .halfTrained: RoleLook.student(3)
    case .trained: RoleLook.student(0)
    }
  }

  private func forest(_ title: String, _ rows: [(name: String, result: PartsResult)]) -> Panel {
    let intervals = rows.map { name, result in
      Intervals.Row(name, result.study.index, look: look(result.setting.stage))
    }
    let dots = rows.enumerated().map { place, row -> Mark in
      // Rows count from the top, places on the axis from the bottom; the seeds stand below their interval.
      let height = Double(rows.count - place) - 0.75
      return .points(
        Points(
          nil, points: row.result.study.seeds.map { Point($0.index, height) },
          look: Look(color: look(row.result.setting.stage).color, marker: .circle)))
    }
    return .chart(
      Chart(
        title: title, x: Axis("index"), y: Axis(""),
        marks: [
          .shade(DissociationStudy.bar, isAbove: true),
          .intervals(Intervals(rows: intervals, look: look(.trained), reference: 0)),
        ] + dots))
  }

  private var indexFigure: Plotting.Figure {
    let rows = lesson.levels.flatMap { level in
      PartsStage.allCases.reversed().compactMap { stage in
        result(level, stage).map { (name: "\(level.rawValue), \(stage.rawValue)", result: $0) }
      }
    }
    return Figure(
      width: Figure.twoColumns, panels: [[forest("Do maps find the part that the network uses?", rows)]],
      rowHeight: 30 + 8 * Double(rows.count), showsLegend: false)
  }

  private var waysFigure: Plotting.Figure {
    let own = result(lesson.levels[0], .trained).map { [(name: "none", result: $0)] } ?? []
    let rows = own + changed.map { (name: $0.setting.change, result: $0) }
    return Figure(
      width: Figure.twoColumns, panels: [[forest("Measured in other ways, \(lesson.levels[0].title)", rows)]],
      rowHeight: 30 + 8 * Double(rows.count), showsLegend: false)
  }

  private var trainingFigure: Plotting.Figure {
    let panels = lesson.levels.map { level -> Panel in
      let own = material.trainings.filter { $0.level == level }
      let curves = PartsNetwork.allCases.enumerated().map { place, network -> Mark in
        let histories = own.map { $0.history(network).epochs }
        let epochs = histories.map(\.count).min() ?? 0
        return .line(
          Line(
            "network \(network.rawValue)",
            (0..<epochs).map { index in
              (
                x: Double(index + 1),
                y: studentInterval(
                  of: histories.map { $0[index].accuracy }, over: "seeds", within: QuantityRange.share)
              )
            }, look: RoleLook.student(place)))
      }
      return .chart(
        Chart(
          title: level.title, x: Axis("epoch", isWholeNumbers: true), y: Axis("accuracy", range: 0...1),
          marks: curves + [.horizontalRule(ConceptValidity.solvedAccuracy, label: "needed")]))
    }
    return Figure(width: Figure.twoColumns, panels: [panels])
  }

  private var galleryFigure: Plotting.Figure {
    get throws {
      var (rows, titles): ([[Gallery.Cell]], [String]) = ([], [])
      for picture in material.pictures {
        let pictures = try lesson.pictures(picture.level)
        let set = pictures.a.development
        let size = set.height * set.width
        let parts = set.parts.map { Array($0[picture.image * size..<(picture.image + 1) * size]) } ?? []
        func mask(_ part: UInt8) -> Gallery.Mask {
          Gallery.Mask(width: set.width, height: set.height, isInside: parts.map { $0 == part })
        }
        let masks = [mask(pictures.parts.a), mask(pictures.parts.b)]
        let pixels = set.withImage(picture.image) { Array($0) }
        let maps = zip([picture.maps.a, picture.maps.b], masks).map { map, mask in
          Gallery.Cell.heat(
            rows: ConceptValidity.grid, columns: ConceptValidity.grid, values: centred(map), outline: mask)
        }
        rows.append(
          [.image(width: set.width, height: set.height, rgb: pixels)] + masks.map { .mask($0) } + maps)
        titles.append(picture.level.rawValue)
      }
      return Figure(
        width: 160,
        panels: [
          [
            .gallery(
              Gallery(
                columnTitles: ["picture", "A", "B", "map of a", "map of b"], rowTitles: titles, cells: rows,
                heatRange: -1.5...1.5, colourBarLabel: "entropy − its mean / nats"))
          ]
        ], rowHeight: Double(20 + 24 * rows.count), showsLegend: false)
    }
  }

  /// Entropies minus their mean, nats.
  private func centred(_ map: EntropyMap) -> [Float] {
    let centre = map.entropies.reduce(0, +) / Float(max(1, map.entropies.count))
    return map.entropies.map { $0 - centre }
  }
}
