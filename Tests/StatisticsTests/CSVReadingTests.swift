import Foundation
import Statistics
import TestSupport
import Testing

@Suite("A table that another program wrote")
struct CSVReadingTests {
  struct Expected: Decodable, Sendable, CustomTestStringConvertible {
    struct Column: Decodable {
      let name: String
      let isText: Bool
      let cells: [Value?]
    }

    enum Value: Decodable, Equatable {
      case number(Double)
      case text(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else {
          self = .text(try container.decode(String.self))
        }
      }
    }

    let name: String
    let csv: String
    let columns: [Column]
    var testDescription: String { name }
  }

  static let cases: [Expected] = {
    let url = Golden.folder.appendingPathComponent("tables.json")
    return (try? JSONDecoder().decode([Expected].self, from: Data(contentsOf: url))) ?? []
  }()

  @Test("There are as many recorded cases as the generator says") func recorded() { #expect(Self.cases.count == 57) }

  @Test("is read as pandas reads it", .tags(.golden), arguments: cases)
  func pandas(_ expected: Expected) throws {
    let table = try Table(csv: expected.csv)
    #expect(table.columns.map(\.name) == expected.columns.map(\.name))
    for column in expected.columns {
      #expect((table.columns.first { $0.name == column.name }?.kind == .text) == column.isText, "\(column.name)")
      let found = table.cells(column.name).map { cell -> Expected.Value? in
        switch cell {
        case .empty: nil
        case .text(let text): .text(text)
        case .integer(let value): .number(Double(value))
        case .number(let value): value.isFinite ? .number(value) : .text(value > 0 ? "inf" : "-inf")
        }
      }
      #expect(found == column.cells, "\(column.name)")
    }
  }

  @Test("of which most fields are numbers says which is none")
  func doubts() throws {
    let reading = try CSVReading(Array("epoch,value,note\n1,0.5,7\n2,o.6,x\n3,0.7,y\n".utf8))
    #expect(Array(reading.doubts.keys) == ["value"])
    #expect(
      reading.doubts["value"]?.description == "line 3: value is 'o.6', and 2 other rows have numbers; "
        + "leave the field empty where there is no value, or quote all fields of a column of texts")
    // Names of which some are numbers are quoted by this program.
    #expect(try CSVReading(Array("class,value\n\"1\",1\n\"2\",2\nx,3\n".utf8)).doubts.isEmpty)
  }

  @Test("keeps quoted numbers as the texts that this program means, unless all is quoted")
  func quotes() throws {
    #expect(try Table(csv: "class,value\n\"7\",0.5\n\"NA\",0.6\n").cells("class") == ["7", "NA"])
    #expect(try Table(csv: "\"class\",\"value\"\n\"7\",\"0.5\"\n").cells("class") == [7])
  }

  @Test("may say its separator in the first line, as spreadsheets understand it")
  func separator() throws {
    #expect(try Table(csv: "sep=;\r\na;b\r\n1,5;2\r\n").rows == [[1.5, 2]])
    #expect(try Table(csv: "\u{FEFF}sep=,\na,b\n1,2\n").rows == [[1, 2]])
  }

  @Test(
    "that could be read in two ways, or has gaps, is refused with the line",
    arguments: [
      (
        "a,b\n1,\"0,5\"\n2,\"0,7\"\n",
        "line 2: b is '0,5', a number with a comma; write decimal points, or separate the columns by semicolons"
      ),
      (
        "a;b\n1;0,5\n2;0.7\n",
        "line 2: b is '0,5', and other rows have decimal points; write one of them throughout"
      ),
      (
        "a;b\n1;0,5\n2;1.234,5\n",
        "line 3: b is '1.234,5', a number with thousands set apart; write it without, and with a decimal point"
      ),
      (
        "a,b\n1,\"1,234.5\"\n2,3\n",
        "line 2: b is '1,234.5', a number with thousands set apart; write it without, and with a decimal point"
      ),
      ("a,b\n\n\"x\ny\",1\n2\n", "line 5: the line has 1 field; the header has 2"),
      ("a,b\n1,2\n1,2,3\n", "line 3: the line has 3 fields; the header has 2"),
      ("\n\n", "line 1: the file is empty; the first line holds the columns' names"),
    ])
  func refused(_ csv: String, _ message: String) {
    let error = #expect(throws: CSVError.self) { try Table(csv: csv) }
    #expect(error?.description == message)
  }

  @Test("of a million rows takes seconds, and a field of ten megabytes is refused")
  func large() throws {
    // Kept small enough for a debug build: what grows faster than the rows would still be seen.
    let rows = (0..<20_000).map { "\($0),\(Double($0) * 0.5)\n" }.joined()
    let table = try Table(csv: "a,b\n" + rows)
    #expect(table.rows.count == 20_000 && table.rows[19_999] == [19_999, 9999.5])
    let text = String(repeating: "x\n\"\"", count: 16_384)
    #expect(try Table(csv: "a,b\n\"\(text)\",1\n").rows[0][0].text?.utf8.count == 3 * 16_384)
    let long = String(repeating: "x", count: 10_000_000)
    for (csv, line) in [("a,b\n1,2\n\(long),3\n", 3), ("a,\(long)\n1,2\n", 1)] {
      let error = #expect(throws: CSVError.self) { try Table(csv: csv) }
      #expect(
        error?.description
          == "line \(line): a field has 10000000 bytes; a field has at most 65536; is a quote not closed?")
    }
  }
}
