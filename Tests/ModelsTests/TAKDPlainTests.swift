import Models
import Support
import Testing

@Suite("The plain networks of teacher assistants")
struct TAKDPlainTests {
  /// Parameters and millions of multiplications for one image of 32×32 pixels, for 10 and for 100 classes, counted by hand
  /// from the layers of the authors' code.
  static let table: [(name: String, ten: (Int, Double), hundred: (Int, Double))] = [
    ("plain2", (13_082, 1.04), (215_172, 3.45)),
    ("plain4", (37_338, 6.36), (475_652, 24.89)),
    ("plain6", (82_778, 9.89), (1_107_204, 39.45)),
    ("plain8", (327_962, 13.45), (1_246_276, 52.86)),
    ("plain10", (2_487_850, 71.80), (2_931_460, 72.24)),
  ]

  @Test("have the published numbers of parameters and multiplications", arguments: table.map(\.name))
  func counts(name: String) throws {
    let row = try #require(Self.table.first { $0.name == name })
    for (classes, expected) in [(10, row.ten), (100, row.hundred)] {
      let network = try ModelCatalog.build(ModelSpecification(name, classes: classes), seed: 1)
      #expect(network.layers.reduce(0) { $0 + $1.parameters } == expected.0, "\(classes) classes")
      let multiplications = Double(network.layers.reduce(0) { $0 + $1.multiplications }) / 1e6
      #expect(abs(multiplications - expected.1) < 0.006, "\(classes) classes: \(multiplications)")
    }
  }

  @Test("take other sizes and widths, and refuse what does not exist in one line")
  func others() throws {
    let narrow = ModelSpecification("plain10", classes: 10, height: 16, width: 16, options: ["width": .number(0.5)])
    #expect(try ModelCatalog.build(narrow, seed: 1).layers.first?.output == [16, 16, 16])
    let unknown = #expect(throws: InputError.self) { try ModelCatalog.check("plain5", at: "model") }
    #expect(unknown?.description.contains("there are 2, 4, 6, 8, 10") == true)
    let small = #expect(throws: InputError.self) {
      try ModelCatalog.build(ModelSpecification("plain8", classes: 10, height: 8, width: 8), seed: 1)
    }
    #expect(small?.description.contains("16×16") == true)
  }
}
