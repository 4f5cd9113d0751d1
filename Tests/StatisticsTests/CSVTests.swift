import Statistics
import Testing

@Suite("Comma-separated values")
struct CSVTests {
  static let columns = [
    Table.Column("name", .text, ""), Table.Column("count", .integer, ""), Table.Column("value", .number, ""),
  ]

  static func table() -> Table {
    var table = Table(columns)
    table.append(["plain", 3, 0.1])
    table.append(["comma, quote \" and\nline", -7, .number(1.0 / 3)])
    table.append(["", .integer(.max), .number(.leastNonzeroMagnitude)])
    table.append([nil, nil, nil])
    table.append(["12", 0, 1e16])
    table.append([" padded ", .integer(.min), -0.0])
    table.append(["cr\r\nlf", 1, .number(.infinity)])
    table.append(["naïve 日本 é", 1, 3])
    return table
  }

  @Test("are quoted where RFC 4180 asks for it and numbers are in their shortest exact form")
  func written() {
    let lines = Self.table().csv.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0] == "name,count,value")
    #expect(lines[1] == "plain,3,0.1")
    #expect(lines[2] == "\"comma, quote \"\" and")
    #expect(lines[3] == "line\",-7,0.3333333333333333")
    #expect(lines[4] == "\"\",9223372036854775807,5e-324")
    #expect(lines[5] == ",,")
    #expect(lines[6] == "\"12\",0,1e+16")
  }

  @Test("read back equal, with and without known columns")
  func roundTrip() throws {
    let table = Self.table()
    #expect(try Table(csv: table.csv, columns: Self.columns) == table)
    #expect(try Table(csv: table.csv) == table)
  }

  @Test("keep every bit of numbers, NaN included")
  func bits() throws {
    var table = Table([Table.Column("value", .number, "")])
    var bits: UInt64 = 1
    for _ in 0..<2000 {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: bits)
      if !value.isNaN { table.append([.number(value)]) }
    }
    #expect(table.rows.count > 1900)
    #expect(try Table(csv: table.csv) == table)
    let nan = try Table(csv: "value\nnan\n", columns: [Table.Column("value", .number, "")])
    #expect(nan.numbers("value")[0].isNaN)
  }

  @Test("may come from a spreadsheet: byte-order mark, CR LF, no line end at the end")
  func foreign() throws {
    let table = try Table(csv: "\u{FEFF}a,b\r\n1,\"x, y\"\r\n2.5,")
    #expect(table.columns.map(\.name) == ["a", "b"])
    #expect(table.columns.map(\.kind) == [.number, .text])
    #expect(table.rows == [[.number(1), "x, y"], [2.5, nil]])
  }

  @Test(
    "that are wrong are refused with the line",
    arguments: [
      ("", "line 1: the file is empty; the first line holds the columns' names"),
      ("a,a\n", "line 1: two columns have the same name; names must differ"),
      ("a,b\n1,2\n3\n", "line 3: the line has 1 field; the header has 2"),
      ("a\n\"x\n", "line 2: a quote is never closed; the file may be truncated"),
      ("a\n\"two\nlines\"\n\"x\"y\n", "line 4: text after a closing quote; double the quotes inside a field"),
    ])
  func refused(_ csv: String, _ message: String) {
    let error = #expect(throws: CSVError.self) { try Table(csv: csv) }
    #expect(error?.description == message)
  }

  @Test(
    "that do not hold the known columns are refused",
    arguments: [
      ("name,value,count\n", "line 1: the columns are name, value, count; expected name, count, value"),
      ("name,count,value\nx,1.5,2\n", "line 2: count is '1.5'; it holds a whole number"),
      ("name,count,value\nx,1,two\n", "line 2: value is 'two'; it holds a number"),
    ])
  func unknown(_ csv: String, _ message: String) {
    let error = #expect(throws: CSVError.self) { try Table(csv: csv, columns: Self.columns) }
    #expect(error?.description == message)
  }
}
