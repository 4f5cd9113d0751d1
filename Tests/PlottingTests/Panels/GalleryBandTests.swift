import Plotting
import Testing

@Suite("A gallery in bands")
struct GalleryBandTests {
  private func gallery(_ groups: [Int]) -> Gallery {
    let columns = groups.reduce(0, +)
    return Gallery(
      title: "maps", columnTitles: (0..<columns).map { "c\($0)" }, rowTitles: ["a", "b"],
      columnGroups: groups.enumerated().map { Gallery.ColumnGroup("g\($0)", count: $1) },
      cells: (0..<2).map { row in
        (0..<columns).map { .heat(rows: 1, columns: 1, values: [Float(10 * row + $0)]) }
      }, colourBarLabel: "H / nats", keys: [Gallery.Key("kept", .black)])
  }

  @Test("keeps groups whole, titles with their columns, and one colour for one number")
  func parted() {
    let whole = gallery([2, 3, 3, 5])
    let bands = whole.bands(ofAtMost: 5)
    #expect(bands.map { $0.columnGroups.map(\.title) } == [["g0", "g1"], ["g2"], ["g3"]])
    #expect(bands.flatMap(\.columnTitles) == whole.columnTitles)
    #expect((0..<2).map { row in bands.flatMap { $0.cells[row] } } == whole.cells)
    #expect(bands.allSatisfy { $0.rowTitles == ["a", "b"] })
    #expect(Set(bands.map { $0.heatRange }).count == 1 && bands[0].heatRange?.contains(0) == true)
    #expect(bands[0].heatRange?.contains(22) == true)
    #expect(bands.map { $0.title } == ["maps", nil, nil] && bands.map { $0.keys?.count } == [1, nil, nil])
  }

  @Test("is the gallery itself where all fit, or where there are no groups")
  func whole() {
    let few = gallery([2, 3])
    #expect(few.bands(ofAtMost: 5) == [few])
    let ungrouped = Gallery(cells: [[.blank, .blank, .blank]], colourBarLabel: "")
    #expect(ungrouped.bands(ofAtMost: 1) == [ungrouped])
  }
}
