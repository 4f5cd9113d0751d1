extension Table {
  /// One observation, its cells by column name.
  public struct Row: Sendable {
    let table: Table
    let cells: [Cell]

    /// The cell of a column, which must exist (programmer error otherwise).
    public subscript(_ name: String) -> Cell { cells[table.requiredPosition(of: name)] }

    /// The number in a column; nil where the cell is empty or a text.
    public func number(_ name: String) -> Double? { self[name].number }

    /// The whole number in a column; nil where the cell holds none.
    public func integer(_ name: String) -> Int? { self[name].integer }

    /// The text in a column; nil where the cell holds none.
    public func text(_ name: String) -> String? { self[name].text }
  }

  /// The observations, cells by column name.
  public var observations: [Row] { rows.map { Row(table: self, cells: $0) } }

  /// The cells of one column, in the order of the rows.
  public func cells(_ name: String) -> [Cell] {
    let position = requiredPosition(of: name)
    return rows.map { $0[position] }
  }

  /// The numbers of one column, empty cells left out.
  public func numbers(_ name: String) -> [Double] { cells(name).compactMap(\.number) }

  /// The different cells of one column, in the order of their first row.
  public func values(_ name: String) -> [Cell] {
    var seen: Set<Cell> = []
    return cells(name).filter { seen.insert($0).inserted }
  }

  /// The observations that satisfy a condition.
  public func filtered(by condition: (Row) -> Bool) -> Table {
    var table = Table(columns)
    table.take(rows.filter { condition(Row(table: self, cells: $0)) })
    return table
  }

  /// The observations whose cell in a column equals the given one.
  public func filtered(_ name: String, _ cell: Cell) -> Table {
    let position = requiredPosition(of: name)
    let wanted = cell.fitted(to: columns[position].kind)
    var table = Table(columns)
    table.take(rows.filter { $0[position] == wanted })
    return table
  }

  /// The observations cut into tables of equal cells in the named columns, in the order of their first rows.
  public func grouped(by names: [String]) -> [(key: [Cell], table: Table)] {
    let positions = names.map(requiredPosition)
    var order: [[Cell]] = []
    var groups: [[Cell]: [[Cell]]] = [:]
    for row in rows {
      let key = positions.map { row[$0] }
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(row)
    }
    return order.map { key in
      var table = Table(columns)
      table.take(groups[key] ?? [])
      return (key, table)
    }
  }

  /// Some of the columns, in the order given.
  public func selecting(_ names: [String]) -> Table {
    let positions = names.map(requiredPosition)
    var table = Table(positions.map { columns[$0] })
    table.take(rows.map { row in positions.map { row[$0] } })
    return table
  }
}
