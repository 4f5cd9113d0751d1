import Statistics

/// The similarities of every layer of one network with every layer of another.
public struct SimilarityTable: Sendable, Equatable, Codable {
  /// The similarity of two layers: an estimate, or in words why there is none.
  public struct Entry: Sendable, Equatable, Codable {
    /// The debiased linear CKA with its interval; nil where there is none.
    public let estimate: Estimate?
    /// Why there is none.
    public let problem: String?
  }

  /// Layers of the one network.
  public let rows: [String]
  /// Layers of the other.
  public let columns: [String]
  /// [rows][columns].
  public let entries: [[Entry]]

  /// - Parameters:
  ///   - rows: Gram matrices of one network's layers.
  ///   - columns: of the other's, over the same images in the same order.
  public init(_ rows: [FeatureGram], _ columns: [FeatureGram]) {
    self.rows = rows.map(\.name)
    self.columns = columns.map(\.name)
    entries = LinearCKA.matrix(rows, columns).map { row in
      row.map { result in
        switch result {
        case .success(let estimate): Entry(estimate: estimate, problem: nil)
        case .failure(let problem): Entry(estimate: nil, problem: problem.description)
        }
      }
    }
  }

  /// Whether there is an entry for each pair of layers; one from a file may be anything.
  public var isWhole: Bool { entries.count == rows.count && entries.allSatisfy { $0.count == columns.count } }

  /// The entry of two layers; nil where a layer is not there.
  public func entry(_ row: String, _ column: String) -> Entry? {
    guard let i = rows.firstIndex(of: row), let j = columns.firstIndex(of: column) else { return nil }
    return entries[i][j]
  }

  /// What has no similarity and why, each once.
  public var problems: [String] {
    var seen: Set<String> = []
    return entries.joined().compactMap(\.problem).filter { seen.insert($0).inserted }
  }

  /// Columns of a tidy table of similarities, after those that name the networks.
  public static func tableColumns(_ row: Table.Column, _ column: Table.Column) -> [Table.Column] {
    [
      row, column,
      Table.Column("cka", .number, "Debiased linear CKA of the two layers' features; empty where there is none."),
      Table.Column("lower", .number, "Lower end of the 95 % jackknife interval over images."),
      Table.Column("upper", .number, "Upper end of the 95 % jackknife interval over images."),
      Table.Column("images", .integer, "Images that both networks saw."),
      Table.Column("problem", .text, "Why there is no value; empty where there is one."),
    ]
  }

  /// One row per pair of layers: cells of ``tableColumns(_:_:)``.
  public var tableRows: [[Cell]] {
    zip(rows, entries).flatMap { row, entries in
      zip(columns, entries).map { column, entry in
        [
          .text(row), .text(column), Cell(entry.estimate?.value), Cell(entry.estimate?.lower),
          Cell(entry.estimate?.upper), Cell(entry.estimate?.count), Cell(entry.problem),
        ]
      }
    }
  }
}
