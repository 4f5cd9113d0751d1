import Experiments
import Plotting
import Support
import Testing

@Suite("Figures of the hypotheses")
struct HypothesisFigureTests {
  private static let fates: [(own: Bool, other: Bool?, fate: CellFate)] = [
    (true, true, .kept), (true, nil, .kept), (true, false, .gained), (false, true, .lost), (false, false, .none),
    (false, nil, .none),
  ]

  @Test("tell what became of a cell", arguments: fates)
  func fate(_ own: Bool, _ other: Bool?, _ fate: CellFate) {
    #expect(CellFate(own, other) == fate)
  }

  @Test("show all changes of confusions in the same colours")
  func confusionChanges() {
    let maps = HeatMap.confusionChanges(
      [("a − baseline", [[0.02, -0.02], [0, nil]]), ("b − baseline", [[0.1, -0.1], [0.03, -0.03]])],
      classes: ["x", "y"])
    #expect(maps.map(\.title) == ["a − baseline", "b − baseline"])
    #expect(maps.allSatisfy { $0.range == -10...10 })
    #expect(maps[0].values == [[2, -2], [0, nil]])
  }

  @Test("place whole epochs where they are, also between checkpoints and behind the last")
  func wholeEpochs() {
    let axis = CourseAxis([0, 1, 2, 4], times: [0, 0.25, 0.5, 1])
    for (time, epoch) in [(0, 0), (0.25, 1), (0.375, 1.5), (0.75, 3), (1, 4), (1.25, 5)] {
      #expect(abs(axis.place(time) - epoch) < 1e-12)
    }
    #expect(axis.axis.ticks == nil)
  }

  @Test("give checkpoints inside of an epoch even steps, with their own names")
  func partsOfEpochs() {
    let axis = CourseAxis([0, 0.125, 0.25, 1, 2], times: [0, 0.0625, 0.125, 0.5, 1])
    for (time, place) in [(0, 0), (0.0625, 1), (0.125, 2), (0.3125, 2.5), (1, 4)] {
      #expect(abs(axis.place(time) - place) < 1e-12)
    }
    #expect(axis.axis.ticks?.map(\.label) == ["0", "1/8", "1/4", "1", "2"])
  }
}
