import Statistics
import Testing

@Suite("A table")
struct TableTests {
  static let columns = [
    Table.Column("role", .text, "Which network."), Table.Column("epoch", .integer, unit: "epochs", "When."),
    Table.Column("entropy", .number, unit: "nats", "How much was discarded."),
  ]

  func table() -> Table {
    var table = Table(Self.columns)
    table.append(["student", 0, -1.5])
    table.append(["student", 1, nil])
    table.append(["baseline", 0, 2])
    return table
  }

  @Test("selects rows, columns and values")
  func selection() {
    let table = table()
    #expect(table.filtered("role", "student").numbers("entropy") == [-1.5])
    #expect(table.filtered { ($0.integer("epoch") ?? 9) < 1 }.cells("role") == ["student", "baseline"])
    #expect(table.values("epoch") == [0, 1])
    #expect(table.selecting(["entropy", "role"]).rows[2] == [.number(2), "baseline"])
    #expect(table.observations[1].number("entropy") == nil)
    #expect(table.observations[0].text("role") == "student")
    #expect(table.filtered("entropy", 2).rows.count == 1)
  }

  @Test("groups rows in the order of their first appearance")
  func groups() {
    let groups = table().grouped(by: ["epoch"])
    #expect(groups.map(\.key) == [[0], [1]])
    #expect(groups[0].table.cells("role") == ["student", "baseline"])
  }

  // Release builds stop without the message, so only that they stop can be asked.
  @Test("stops at a cell of the wrong kind")
  func wrongCell() async {
    await #expect(processExitsWith: .failure) {
      var table = Table([Table.Column("epoch", .integer, "When.")])
      table.append([1.5])
    }
  }

  @Test("stops at a column that is not there")
  func wrongColumn() async {
    await #expect(processExitsWith: .failure) {
      _ = Table([Table.Column("epoch", .integer, "When.")]).cells("epochs")
    }
  }

  @Test("keeps a single-precision number's own decimal form")
  func single() {
    #expect(Cell(Float(0.1)) == .number(0.1))
    #expect(Cell(Float.infinity) == .number(.infinity))
  }
}
