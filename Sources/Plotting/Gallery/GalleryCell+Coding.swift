import Foundation

extension Gallery.Cell: Codable {
  private enum Key: String, CodingKey { case kind, width, height, rgb, mask, rows, columns, values, outline, colors }
  private enum Kind: String, Codable { case image, mask, heat, tiles, blank }

  /// Reads a cell.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .image:
      self = .image(
        width: try container.decode(Int.self, forKey: .width), height: try container.decode(Int.self, forKey: .height),
        rgb: [UInt8](try container.decode(Data.self, forKey: .rgb)))
    case .mask: self = .mask(try container.decode(Gallery.Mask.self, forKey: .mask))
    case .heat:
      let rows = try container.decode(Int.self, forKey: .rows)
      let columns = try container.decode(Int.self, forKey: .columns)
      guard (1...4096).contains(rows), (1...4096).contains(columns) else {
        throw DecodingError.dataCorruptedError(
          forKey: .rows, in: container, debugDescription: "a map has 1 to 4096 rows and columns")
      }
      let values = try container.decodeIfPresent([Float].self, forKey: .values)
      self = .heat(
        rows: rows, columns: columns, values: values ?? Array(repeating: .nan, count: rows * columns),
        outline: try container.decodeIfPresent(Gallery.Mask.self, forKey: .outline))
    case .tiles:
      self = .tiles(
        rows: try container.decode(Int.self, forKey: .rows), columns: try container.decode(Int.self, forKey: .columns),
        colors: try container.decode([Color].self, forKey: .colors),
        outline: try container.decodeIfPresent(Gallery.Mask.self, forKey: .outline))
    case .blank: self = .blank
    }
  }

  /// Writes a cell; the bytes of an image in base 64.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .image(let width, let height, let rgb):
      try container.encode(Kind.image, forKey: .kind)
      try container.encode(width, forKey: .width)
      try container.encode(height, forKey: .height)
      try container.encode(Data(rgb), forKey: .rgb)
    case .mask(let mask):
      try container.encode(Kind.mask, forKey: .kind)
      try container.encode(mask, forKey: .mask)
    case .heat(let rows, let columns, let values, let outline):
      try container.encode(Kind.heat, forKey: .kind)
      try container.encode(rows, forKey: .rows)
      try container.encode(columns, forKey: .columns)
      // A drawing without its numbers, which lie elsewhere, does not list as many NaN.
      if values.contains(where: { !$0.isNaN }) { try container.encode(values, forKey: .values) }
      try container.encodeIfPresent(outline, forKey: .outline)
    case .tiles(let rows, let columns, let colors, let outline):
      try container.encode(Kind.tiles, forKey: .kind)
      try container.encode(rows, forKey: .rows)
      try container.encode(columns, forKey: .columns)
      try container.encode(colors, forKey: .colors)
      try container.encodeIfPresent(outline, forKey: .outline)
    case .blank: try container.encode(Kind.blank, forKey: .kind)
    }
  }
}

extension Gallery.Mask: Codable {
  /// Reads a mask.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let rows = try container.decode([String].self)
    let width = rows.first?.utf8.count ?? 0
    guard width > 0, rows.allSatisfy({ $0.utf8.count == width }) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a mask has rows of one length")
    }
    self.init(
      width: width, height: rows.count, isInside: rows.flatMap { $0.utf8.map { $0 == UInt8(ascii: "1") } })
  }

  /// Writes a mask as rows of `0` and `1`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(
      (0..<height).map { row in
        isInside[row * width..<(row + 1) * width].map { $0 ? "1" : "0" }.joined()
      })
  }
}
