import Analysis
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Published descent")
struct PublishedDescentTests {
  static let cases: [GoldenCase] = (try? Golden.cases("entropy")) ?? []

  /// The descent of a golden case, with its noise, and the image.
  private func descent(_ item: GoldenCase) throws -> (PublishedDescent, Tensor) {
    let image = try item.tensor("input.0", channelsLast: true)
    let (weight, bias) = (try item.tensor("input.1"), try item.tensor("input.2"))
    let noise = try item.stored("input.3")
    let (values, shape) = (try noise.floats(), noise.shape)
    let length = values.count / shape[0]
    let steps = (0..<shape[0]).map { step -> Tensor in
      let (moved, dimensions) = movedChannels(
        Array(values[step * length..<(step + 1) * length]), Array(shape.dropFirst()))
      return Tensor(moved, shape: Shape(dimensions))
    }
    let grid = try item.integer("grid")
    let settings = PublishedSettings(
      grid: grid, draws: shape[1], steps: try item.integer("steps"), extraSteps: try item.integer("extra"),
      weight: try item.number("factor"), extraFactor: try item.number("boost"), rate: try item.number("rate"),
      start: try item.number("start"), bounds: try item.number("low")...item.number("high"),
      target: try item.number("target"))
    var descent = PublishedDescent(
      settings, grid: CellGrid(rows: grid, columns: grid, height: image.shape[1], width: image.shape[2]),
      deviation: [0.25, 0.5, 0.2]
    ) { convolution($0, weight, bias: bias, padding: 1).relu() }
    descent.batch = 2
    descent.givenNoise = { steps[$0] }
    return (descent, image)
  }

  @Test("keeps the iterate that PyTorch keeps", .tags(.golden), arguments: cases)
  func kept(_ item: GoldenCase) throws {
    let (descent, image) = try descent(item)
    let map = descent.map(of: image, random: Philox(seed: 1))
    #expect(map.isConverged)
    // Gradients are sums of a few hundred floats; nine steps of them move ln σ by about 1.
    try expectClose(map.entropies, item.stored("output").doubles(), relative: 0, absolute: 1e-4)
  }

  @Test(
    "walks the way that PyTorch walks, step by step", .tags(.golden), arguments: cases.filter { $0.name != "bound" })
  func way(_ item: GoldenCase) throws {
    var (descent, image) = try descent(item)
    let expected = try item.stored("sigmas")
    let cells = expected.shape[1]
    descent.settings.extraSteps = 0
    // The mean entropy only rises, except at a bound, so that the iterate nearest to a far target is the last.
    descent.settings.target = 100
    for step in 1...descent.settings.steps {
      descent.settings.steps = step
      let found = sigmas(of: descent.map(of: image, random: Philox(seed: 1)))
      let row = try Array(expected.doubles()[(step - 1) * cells..<step * cells])
      expectClose(found.map(Float.init), row, relative: 1e-4, absolute: 0)
    }
  }

  @Test("the golden file has all cases")
  func all() { #expect(Self.cases.map(\.name) == ["bound", "goes-on", "stays", "uneven-grid"]) }

  private func descent(_ settings: PublishedSettings, _ feature: @escaping (Tensor) -> Tensor) -> PublishedDescent {
    PublishedDescent(
      settings, grid: CellGrid(rows: 4, columns: 4, height: 8, width: 8), deviation: [1, 1, 1], feature: feature)
  }

  @Test("cells without influence follow σ ← σ + rate·λ/(n σ), with λ × 1.5 in the further steps")
  func ignoredCells() {
    // Only the first column of pixels counts: cells 0, 4, 8 and 12.
    let settings = PublishedSettings(grid: 4, draws: 8, steps: 5, extraSteps: 3, weight: 7, target: 100)
    let map = descent(settings) { $0.slice(0..<1, alongAxis: 2) }.map(
      of: SmallSolver.images(1), random: Philox(seed: 2))
    var sigma = 0.01
    // The kept σ is the one that the last step began with.
    for step in 1...7 { sigma += 1e-4 * 7 * (step > 5 ? 1.5 : 1) / 16 / sigma }
    for (cell, found) in sigmas(of: map).enumerated() where cell % 4 != 0 { #expect(abs(found / sigma - 1) < 1e-5) }
    for (cell, found) in sigmas(of: map).enumerated() where cell % 4 == 0 { #expect(found < sigma) }
  }

  @Test("stops after its steps once the mean entropy has passed the target")
  func noFurtherSteps() {
    var settings = PublishedSettings(grid: 4, draws: 4, steps: 5, extraSteps: 0, weight: 7, target: -3.1)
    let short = descent(settings) { $0.slice(0..<1, alongAxis: 2) }
    settings.extraSteps = 20
    let long = descent(settings) { $0.slice(0..<1, alongAxis: 2) }
    let image = SmallSolver.images(1)
    #expect(short.map(of: image, random: Philox(seed: 2)) == long.map(of: image, random: Philox(seed: 2)))
  }

  @Test("an image whose feature does not answer to noise is invalid")
  func dead() {
    let settings = PublishedSettings(grid: 4, draws: 4, steps: 2)
    let map = descent(settings) { ($0 - 1000).relu() }.map(of: SmallSolver.images(1), random: Philox(seed: 2))
    #expect(!map.isUsable && map.entropies.count == 16)
  }

  @Test("does not depend on how many draws share a pass")
  func batches() {
    let settings = PublishedSettings(grid: 4, draws: 12, steps: 4, extraSteps: 2)
    let maps = [12, 5, 1].map { batch in
      var descent = descent(settings, SmallSolver.convolved)
      descent.batch = batch
      return descent.map(of: SmallSolver.images(1), random: Philox(seed: 3))
    }
    #expect(difference(maps[0], maps[1]) < 1e-5 && difference(maps[0], maps[2]) < 1e-5)
  }

  @Test("has the paper's weight of the entropy and first checkpoint for each family")
  func families() {
    #expect(["vgg11", "alexnet", "cnn4"].map { PublishedSettings.weight(for: $0) } == [7, 7, 7])
    #expect(["resnet8", "wide-resnet"].map { PublishedSettings.weight(for: $0) } == [6, 6])
    #expect(["vgg11", "resnet20"].map { PublishedSettings.firstEpoch(for: $0) } == [0, 1])
    #expect(PublishedSettings().passes == 96 * 80 + 48)
  }

  @Test("takes a cell's foreground from one pixel, and the middle where there are no masks")
  func foreground() {
    let mask = (0..<49).map { $0 / 7 == 3 || $0 % 7 == 5 }
    // Rows and columns of pixels 0, 1, 3 and 5.
    let cells = nearestForegroundCells(of: mask, height: 7, width: 7, rows: 4, columns: 4)
    #expect(cells.map { $0 ? 1 : 0 } == [0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1])
    let box = publishedBox(grid: 16)
    #expect(box.indices.filter { box[$0] && $0 / 16 == 7 }.map { $0 % 16 } == Array(2...13))
    #expect(box.count { $0 } == 144)
  }
}
