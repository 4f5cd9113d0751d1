import Analysis
import Plotting
import Statistics
import Support

extension ReportMaterial {
  /// The gap with position and without, and the object's cells against the others, over epochs: the untrained network at
  /// epoch 0, the teacher as a line across.
  func gapFigure(_ layer: LayerStudy) -> Figure {
    let gap = { (run: EntropySeries, image: Int, position: Int, mask: [Bool]) in
      try? run.gap(of: image, at: position, foreground: mask).get()
    }
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          panel("As measured", "gap / nats", layer.study, layer.teacher, reference: 0, gap),
          panel("Without position", "gap g / nats", layer.adjusted, layer.adjustedTeacher, reference: 0, gap),
          panel("Order of the cells", "AUROC", layer.adjusted, layer.adjustedTeacher, reference: 0.5) {
            run, image, position, mask in
            try? run.characteristic(of: image, at: position, foreground: mask).get()
          },
        ]
      ])
  }

  private func panel(
    _ title: String, _ unit: String, _ study: ConceptStudy, _ teacher: ConceptStudy?, reference: Double,
    _ value: (EntropySeries, Int, Int, [Bool]) -> Double?
  ) -> Panel {
    let masks = study.images.foreground
    func means(_ runs: [EntropySeries], epoch: Moment) -> [Double] {
      runs.compactMap { run in
        run.epochs.firstIndex(of: epoch).flatMap { position in
          mean(of: masks.indices.compactMap { value(run, $0, position, masks[$0]) })
        }
      }
    }
    var marks: [Mark] = [.horizontalRule(reference)]
    for role in study.roles {
      let runs = study.series(of: role)
      let gaps = (runs.first?.epochs ?? []).map { epoch in
        (x: epoch.epochs, y: studentInterval(of: means(runs, epoch: epoch), over: "seeds"))
      }
      marks.append(curve(role, seeds: runs.count, gaps))
    }
    if let teacher, let last = teacher.series.first?.epochs.last,
      let level = means(teacher.series, epoch: last).first
    {
      marks.append(.horizontalRule(level, label: "teacher"))
    }
    return .chart(Chart(title: title, x: Axis("epoch", isWholeNumbers: true), y: Axis(unit), marks: marks))
  }

  /// The position profile of the untrained network, of every network at its end, and of the teacher, on one scale, with
  /// its share of what varies within the maps of pictures without an object.
  func profileFigure(_ layer: LayerStudy) -> Figure? {
    guard layer.position != .none else { return nil }
    let (raw, _) = layer.whole
    let seed = recipe.seeds.first ?? 1
    var shown: [(title: String, profile: PositionProfile)] = []
    for role in raw.roles {
      guard let run = raw.series(of: role).first(where: { $0.seed == seed }) else { continue }
      let profiles = run.profiles(layer.position, images: raw.images)
      if role == RoleName.baseline, run.epochs[0] == 0, let first = profiles[0] { shown.append(("untrained", first)) }
      if let last = profiles.last, let last { shown.append((role, last)) }
    }
    guard !shown.isEmpty else { return nil }
    let grid = recipe.analysis.grid
    let cells = shown.map { entry in
      Gallery.Cell.heat(rows: grid, columns: grid, values: entry.profile.values.map(Float.init), outline: nil)
    }
    let titles = shown.map { entry in
      entry.title + (entry.profile.explained.map { " (\(Int((100 * $0).rounded())) %)" } ?? "")
    }
    return Figure(
      width: min(Figure.twoColumns, 30 + 28 * Double(shown.count)),
      panels: [
        [.gallery(Gallery(columnTitles: titles, cells: [cells], colourBarLabel: "π of a cell / nats"))]
      ], rowHeight: 44, showsLegend: false)
  }
}
