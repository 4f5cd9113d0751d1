import Analysis
import Datasets
import Plotting
import Statistics
import Support

extension ReportMaterial {
  /// H1 in one figure: images with the baseline's map, as measured and without position, and the cells that teacher,
  /// baseline and students keep, each with its answer; below what all networks keep, and the paired difference.
  func objectFigure(_ layer: LayerStudy) -> Figure {
    let gap = { (run: EntropySeries) in layer.whole.adjusted.evidence(of: run).lastGap }
    var rows: [SeedRows.Row] = []
    let (_, adjusted) = layer.whole
    let untrained = adjusted.series(of: RoleName.baseline).compactMap { adjusted.evidence(of: $0).untrainedGap }
    if !untrained.isEmpty {
      rows.append(
        SeedRows.Row(label: "untrained", values: untrained, look: RoleLook.reference.marked(.cross)))
    }
    rows += adjusted.roles.map {
      SeedRows.Row(label: $0, values: adjusted.series(of: $0).compactMap(gap), look: look($0))
    }
    let levels = Chart(
      title: "Gap g at the end", x: Axis("g / nats"), y: Axis(""), marks: SeedRows(rows: rows).marks(reference: 0))
    return Figure(
      width: Figure.twoColumns,
      panels: [[.gallery(cellGallery(layer))], [.chart(levels), pairedPanel(.moreConcepts, layer)]],
      rowHeight: 22 + 7 * Double(rows.count))
  }

  /// Students whose cells there is room for.
  private static let shownStudents = 3

  private func cellGallery(_ layer: LayerStudy) -> Gallery {
    let seed = recipe.seeds.first ?? 1
    let (images, adjusted) = (layer.study.images, layer.adjusted)
    let places = Array(Self.shownImages(layer.study, labels: data.development.labels).prefix(4))
    func last(_ study: ConceptStudy?, _ role: String) -> [EntropyMap]? {
      let runs = study?.series(of: role) ?? []
      return (role == RoleName.teacher ? runs.first : runs.first { $0.seed == seed })?.maps.last
    }
    let baseline = last(adjusted, RoleName.baseline)
    let students = self.students.filter { adjusted.roles.contains($0) }.prefix(Self.shownStudents)
    var networks: [(role: String, maps: [EntropyMap], reference: [EntropyMap]?)] = []
    if let maps = last(layer.adjustedTeacher, RoleName.teacher) {
      networks.append((role: RoleName.teacher, maps: maps, reference: nil))
    }
    if let baseline { networks.append((role: RoleName.baseline, maps: baseline, reference: nil)) }
    for role in students {
      if let maps = last(adjusted, role) { networks.append((role: role, maps: maps, reference: baseline)) }
    }

    let shown = [last(layer.study, RoleName.baseline), baseline].compactMap(\.self)
    let heats = places.map { place in shown.map { $0[place].aboveSurroundings(images.foreground[place]) } }
    let cells = places.enumerated().map { row, place -> [Gallery.Cell] in
      let mask = Gallery.Mask(of: data.development, images.indices[place])
      let grid = recipe.analysis.grid
      return [.image(of: data.development, images.indices[place])]
        + heats[row].map { .heat(rows: grid, columns: grid, values: $0, outline: mask) }
        + networks.map { network in
          .tiles(
            rows: grid, columns: grid,
            colors: CellFate.colors(
              network.maps[place], network.reference?[place], foreground: images.foreground[place]), outline: mask)
        }
    }
    let captions = places.map { place in
      [""] + shown.map { _ in "" } + networks.map { answer($0.role, images.indices[place]) }
    }
    let mapTitles = ["as measured", "position removed"].prefix(shown.count)
    let groups: [(title: String, count: Int)] = [
      ("", 1), ("baseline: H − H̄_{bg}", shown.count), ("concepts, and the answer", networks.count),
    ]
    return Gallery(
      columnTitles: ["image"] + mapTitles + networks.map(\.role),
      rowTitles: places.map { data.development.classes[Int(data.development.labels[images.indices[$0]])] },
      columnGroups: groups.filter { $0.count > 0 }.map { Gallery.ColumnGroup($0.title, count: $0.count) },
      cells: cells, heatRange: Self.limits(heats.joined().flatMap { $0 }),
      colourBarLabel: "H − H̄_{bg} / nats", captions: captions, keys: CellFate.keys)
  }

  /// Whether a network of the first seed is right on a development image, and what it says instead; empty where it was
  /// not asked.
  private func answer(_ role: String, _ index: Int) -> String {
    guard let choice = results.shownAnswers[role]?[index] else { return "" }
    return choice == Int(data.development.labels[index]) ? "✓" : "✗ \(data.development.classes[choice])"
  }

  /// The 1 and 99 % percentiles: single cells far off do not take the colours of all others.
  static func limits(_ values: [Float]) -> ClosedRange<Double>? {
    let finite = values.filter(\.isFinite).map(Double.init).sorted()
    guard let low = quantile(0.01, ofSorted: finite), let high = quantile(0.99, ofSorted: finite), low < high else {
      return nil
    }
    return low...high
  }

  /// Places of up to six images of different classes, spread over the probe images.
  static func shownImages(_ study: ConceptStudy, labels: [Int32]) -> [Int] {
    var classes: Set<Int32> = []
    let different = study.images.indices.indices.filter { classes.insert(labels[study.images.indices[$0]]).inserted }
    let count = min(6, different.count)
    return (0..<count).map { different[$0 * different.count / count] }
  }
}

/// What became of a cell in a student, beside the baseline.
package enum CellFate: CaseIterable {
  case none, kept, gained, lost

  /// - Parameters:
  ///   - own: whether it is a concept of the network.
  ///   - other: whether it is one of the baseline; nil where the network is held against none.
  package init(_ own: Bool, _ other: Bool?) {
    self =
      switch (own, other) {
      case (true, true), (true, nil): .kept
      case (true, false): .gained
      case (false, true): .lost
      case (false, _): .none
      }
  }

  var color: Color {
    switch self {
    case .none: Color(hex: 0xEDEDED)
    case .kept: Color(hex: 0x3C3C3C)
    case .gained: Color(hex: 0x029E73)
    case .lost: Color(hex: 0xD55E00)
    }
  }

  static var keys: [Gallery.Key] {
    [
      Gallery.Key("a concept (of a student: kept from the baseline)", CellFate.kept.color),
      Gallery.Key("gained: the student's alone", CellFate.gained.color),
      Gallery.Key("lost: the baseline's alone", CellFate.lost.color),
    ]
  }

  /// The colours of a network's cells; grey where a map cannot be used.
  static func colors(_ map: EntropyMap, _ reference: EntropyMap?, foreground: [Bool]) -> [Color] {
    let own = map.decisiveConcepts(foreground)
    let other = reference?.decisiveConcepts(foreground)
    return own.indices.map { CellFate(own[$0], other?[$0]).color }
  }
}

extension EntropyMap {
  /// H − mean of the background's cells: below 0 a cell is kept better than the surroundings of the object.
  func aboveSurroundings(_ foreground: [Bool]) -> [Float] {
    let level = (try? regionEntropies(foreground: foreground).get()).map { Float($0.background) } ?? .nan
    return entropies.map { $0 - level }
  }

  /// Which cells are concepts at the threshold of H3; none where they cannot be counted.
  fileprivate func decisiveConcepts(_ foreground: [Bool]) -> [Bool] {
    (try? concepts(foreground: foreground, threshold: Hypothesis.threshold).get()) ?? entropies.map { _ in false }
  }
}

extension Look {
  /// The same with another marker.
  func marked(_ marker: Marker) -> Look { Look(color: color, dash: dash, marker: marker) }
}
