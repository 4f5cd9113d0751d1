import Analysis
import Datasets
import Statistics
import Testing

/// Cells as letters: `h` informative, `o` other parts, `.` background.
private func cells(_ letters: String, columns: Int = 4) -> PartCells {
  PartCells(letters.map { $0 == "h" ? .informative : $0 == "o" ? .otherParts : .background }, columns: columns)
}

private func entropyMap(_ entropies: [Float], converged: Bool = true) -> EntropyMap {
  EntropyMap(entropies: entropies, distortion: 0.1, targetDistortion: 0.1, isConverged: converged)
}

private let picture = cells("..hh" + ".ohh" + ".oo." + "....")

/// The map of a network that keeps what it is asked to keep, and discards all else.
private func keeping(_ regions: Set<PartRegion>) -> EntropyMap {
  entropyMap(picture.regions.map { regions.contains($0) ? -2 : 0 })
}

@Suite("Validity of concepts")
struct ValidityStudyTests {
  @Test("a map that is the informative part has average precision, area and precision 1")
  func perfect() throws {
    let map = keeping([.informative])
    for measure in ValidityScores.Measure.allCases where measure != .averagePrecisionNearby {
      #expect(measure.value(map, picture) == 1, "\(measure)")
    }
    let places = try #require(ConceptPlaces(map, picture, threshold: 0.5))
    #expect(places.share(.informative) == 1 && places.recall(.informative) == 1)
    #expect(places.share(.background) == 0 && places.recall(.otherParts) == 0)
    #expect(places.chance(.informative) == 0.25)
    #expect(places.concepts == [4, 0, 0] && places.cells == [4, 3, 9])
  }

  @Test("a map of the whole object is precise for the object, and knows no part of it")
  func object() throws {
    let map = keeping([.informative, .otherParts])
    #expect(ValidityScores.Measure.areaOnObject.value(map, picture) == 0.5)
    // Seven cells of equal score with four hits, then the rest: precision 4/7 at full recall.
    let precision = try #require(ValidityScores.Measure.averagePrecision.value(map, picture))
    #expect(abs(precision - 4.0 / 7) < 1e-12)
    let places = try #require(ConceptPlaces(map, picture, threshold: 0.5))
    #expect(places.share(.informative) == 4.0 / 7)
  }

  @Test("a map of the contrary is worse than chance, and a constant one is chance")
  func contrary() throws {
    let map = keeping([.background, .otherParts])
    for measure in [ValidityScores.Measure.area, .averagePrecision] {
      let (value, chance) = (try #require(measure.value(map, picture)), try #require(measure.chance(picture)))
      #expect(value < chance)
    }
    let flat = entropyMap(Array(repeating: -1, count: 16))
    #expect(ValidityScores.Measure.area.value(flat, picture) == 0.5)
    #expect(ValidityScores.Measure.averagePrecision.value(flat, picture) == 0.25)
    #expect(ConceptPlaces(flat, picture, threshold: 0.1)?.share(.informative) == nil)
  }

  @Test("tolerance of one cell reaches over edges and corners, not over the end of a row")
  func tolerance() {
    #expect(
      cells("h..." + "...." + "...." + "....").nearInformative.map { $0 ? 1 : 0 } == [
        1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      ])
    #expect(
      cells("...." + "...h" + "...." + "....").nearInformative.map { $0 ? 1 : 0 } == [
        0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0,
      ])
  }

  /// The untrained network keeps the object, average precision 4/7; the trained one what it is told.
  private func study(_ seeds: Int, images: Int = 8, trained: (Int, Int) -> EntropyMap) -> ValidityStudy {
    let runs = (1...seeds).flatMap { seed in
      [
        ValidityRun(
          network: "untrained", layer: "layer3", seed: seed,
          maps: (0..<images).map { _ in keeping([.informative, .otherParts]) }),
        ValidityRun(
          network: "trained", layer: "layer3", seed: seed, maps: (0..<images).map { trained(seed, $0) }),
      ]
    }
    return ValidityStudy(
      images: Array(0..<images), cells: Array(repeating: picture, count: images), runs: runs)
  }

  private func verdicts(_ study: ValidityStudy) -> [String: ValidityVerdict] {
    Dictionary(
      uniqueKeysWithValues: study.comparisons(of: "trained", with: ["untrained"]).filter {
        $0.measure == ValidityScores.Measure.averagePrecision.rawValue
      }.map { ($0.rival, $0.verdict) })
  }

  @Test("the verdict is beats for the part, does not beat for the contrary, inconclusive for two seeds or a mixture")
  func verdict() {
    #expect(verdicts(study(3) { _, _ in keeping([.informative]) }) == ["untrained": .beats, "chance": .beats])
    let contrary = verdicts(study(3) { _, _ in keeping([.background]) })
    #expect(contrary == ["untrained": .doesNotBeat, "chance": .doesNotBeat])
    #expect(verdicts(study(2) { _, _ in keeping([.informative]) }).values.allSatisfy { $0 == .inconclusive })
    // In each seed half of the images say one thing, half the other.
    let mixed = verdicts(
      study(3) { _, image in keeping([image % 2 == 0 ? .informative : .background]) })
    #expect(mixed["untrained"] == .inconclusive)
  }

  @Test("maps that did not converge count in no mean and in no pair")
  func leftOut() throws {
    let study = study(3) { seed, image in
      seed == 2 && image < 3
        ? entropyMap(Array(repeating: 0, count: 16), converged: false) : keeping([.informative])
    }
    let own = study.estimate("trained", layer: "layer3", ValidityScores.Measure.area.value)
    #expect(own.estimate?.value == 1 && own.images == 21 && own.leftOut == 3)
    let difference = study.difference(
      "trained", minus: "untrained", layer: "layer3", ValidityScores.Measure.area.value)
    // The object's cells: 4 hits and 3 misses tie, 9 misses are behind: AUROC (9 + 3/2) / 12.
    let value = try #require(difference.estimate?.value)
    #expect(abs(value - (1 - 10.5 / 12)) < 1e-12 && difference.images == 21 && difference.leftOut == 3)
  }

  @Test("tables have a row for every combination, and intervals around their values")
  func tables() throws {
    let study = study(3) { seed, image in
      entropyMap(
        picture.regions.enumerated().map { (place: Int, region: PartRegion) -> Float in
          let noise = Float((place * 7 + image * 3 + seed) % 5)
          return region == .informative ? noise - 2 : noise
        })
    }
    #expect(study.imageTable.rows.count == 2 * 3 * 8)
    #expect(study.scoreTable.rows.count == 2 * 2 * ValidityScores.Measure.allCases.count)
    #expect(study.placeTable(thresholds: [0.1, 0.2]).rows.count == 2 * 2 * 3 * 3)
    for row in study.scoreTable.observations {
      let value = try #require(row.number("value"))
      let (lower, upper) = (try #require(row.number("lower")), try #require(row.number("upper")))
      #expect(lower <= value && value <= upper)
    }
    // The three shares of an image's concepts add up to one, and so do those of its cells.
    let places = study.placeTable(thresholds: [0.2]).filtered("network", "trained")
    for quantity in ["share", "chance"] {
      let sum = places.filtered("quantity", .text(quantity)).numbers("value").reduce(0, +)
      #expect(abs(sum - 1) < 1e-9)
    }
  }
}

@Suite("Robustness of maps")
struct MapRobustnessTests {
  private let fine: [Float] = (0..<64).map { (cell: Int) -> Float in
    let (row, column) = (cell / 16, cell % 8 / 2)
    return Float(column + 10 * row)
  }

  @Test("a map agrees fully with itself, reversed with its negative, and on a coarser grid with its block means")
  func agreement() throws {
    let map = entropyMap(fine)
    #expect(map.rankCorrelation(with: map) == 1)
    #expect(map.rankCorrelation(with: entropyMap(fine.map { -$0 })) == -1)
    // Blocks of 2×2 cells have one value each: the coarse map is exact.
    let coarse = entropyMap((0..<16).map { (cell: Int) -> Float in Float(cell % 4 + 10 * (cell / 4)) })
    #expect(map.rankCorrelation(with: coarse) == 1)
    #expect(coarse.rankCorrelation(with: map) == 1)
    let turned = entropyMap((0..<16).map { (cell: Int) -> Float in Float(cell / 4 + 10 * (cell % 4)) })
    let other = try #require(map.rankCorrelation(with: turned))
    #expect(other < 0.9)
  }

  @Test("is undefined for a constant map and one that did not converge")
  func undefined() {
    let map = entropyMap(fine)
    #expect(map.rankCorrelation(with: entropyMap(Array(repeating: 1, count: 64))) == nil)
    #expect(map.rankCorrelation(with: entropyMap(fine, converged: false)) == nil)
    #expect(keeping([.informative]).conceptCorrelation(at: 0.2, and: 5, picture) == nil)
  }

  @Test("concept cells of two thresholds agree where no entropy lies between them")
  func thresholds() throws {
    #expect(keeping([.informative]).conceptCorrelation(at: 0.2, and: 1.9, picture) == 1)
    let steps = entropyMap(picture.regions.map { $0 == .informative ? -2 : $0 == .otherParts ? -1 : 0 })
    let phi = try #require(steps.conceptCorrelation(at: 0.2, and: 1.5, picture))
    // Seven concepts against four of them, of 16: (4·16 − 7·4) / √(7·9·4·12).
    #expect(abs(phi - (4.0 * 16 - 28) / (7.0 * 9 * 4 * 12).squareRoot()) < 1e-12)
  }
}

@Suite("Cells of parts")
struct PartCellsTests {
  @Test("refine foreground and background of the same image, whatever the grid", arguments: [4, 8, 16, 32])
  func refinement(grid: Int) throws {
    var shapes = PartShapes(seed: 4)
    (shapes.label, shapes.closeUp) = (.variant(of: .head), 2)
    let set = shapes.images(.development, count: 60)
    let images = set.imagesShowingParts(count: 12, informative: Part.head.rawValue, grid: grid, fewest: 1)
    #expect(images.count == 12 && Set(images).count == 12)
    // The labels take turns.
    #expect(images.prefix(4).map { set.labels[$0] } == [0, 1, 2, 3])
    let probe = ProbeSet(set, indices: images, grid: grid)
    for (place, index) in images.enumerated() {
      let cells = set.partCells(of: index, informative: Part.head.rawValue, grid: grid)
      #expect(cells.foreground.count == grid * grid)
      for region in PartRegion.allCases { #expect(cells.count(region) >= 1) }
      // A cell half of the head and half of the background is the head's, and of the object.
      #expect(zip(cells.foreground, probe.images.foreground[place]).allSatisfy { $0 == $1 })
    }
  }
}
