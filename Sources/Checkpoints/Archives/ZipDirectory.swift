import Foundation
import Support

/// The directory at the end of a zip file.
struct ZipDirectory {
  private(set) var entries: [ZipArchive.Entry] = []
  private let data: Data
  private let path: String
  /// Where the directory begins: no entry reaches into it.
  private var start = 0

  private static let longestComment = 65_535
  private static let mostEntries = 100_000
  private static let repair = "it is damaged or cut short: fetch or write it again"

  /// - Throws: ``InputError`` naming the byte or the entry.
  init(_ data: Data, path: String) throws {
    self.data = data
    self.path = path
    let end = try endRecord()
    start = end.offset
    try readEntries(count: end.count, size: end.size)
    try checkOverlaps()
  }

  private func failure(at byte: Int, _ problem: String) -> InputError {
    InputError("\(path): byte \(byte)", problem, remedy: Self.repair)
  }

  private func has(_ signature: [UInt8], at place: Int) -> Bool {
    place >= 0 && place + 4 <= data.count && Array(data[place..<place + 4]) == signature
  }

  /// An unsigned number whose bytes are known to be there.
  private func number(_ bytes: Int, at place: Int) -> UInt64 {
    (0..<bytes).reduce(0) { $0 | UInt64(data[place + $1]) << (8 * UInt64($1)) }
  }

  private func small(_ bytes: Int, at place: Int) -> Int { Int(number(bytes, at: place)) }

  /// Number of entries, size and offset of the directory.
  private func endRecord() throws -> (count: Int, size: Int, offset: Int) {
    guard data.count >= 22 else { throw InputError(path, "has \(data.count) bytes: no zip file", remedy: Self.repair) }
    let last = data.count - 22
    let found = stride(from: last, through: max(0, last - Self.longestComment), by: -1).first {
      has([0x50, 0x4B, 5, 6], at: $0) && $0 + 22 + small(2, at: $0 + 20) == data.count
    }
    guard let found else { throw InputError(path, "has no zip directory at its end", remedy: Self.repair) }
    guard number(2, at: found + 4) == 0, number(2, at: found + 6) == 0 else {
      throw failure(at: found, "the zip file is one of several parts")
    }
    var (count, size, offset) = (number(2, at: found + 10), number(4, at: found + 12), number(4, at: found + 16))
    var end = found
    if has([0x50, 0x4B, 6, 7], at: found - 20) {
      let place = number(8, at: found - 12)
      guard place <= UInt64(max(0, found - 20 - 56)), has([0x50, 0x4B, 6, 6], at: Int(place)) else {
        throw failure(at: found - 20, "the 64-bit end of the directory lies at \(place), where there is none")
      }
      end = Int(place)
      (count, size, offset) = (number(8, at: end + 32), number(8, at: end + 40), number(8, at: end + 48))
    }
    let (sum, overflow) = offset.addingReportingOverflow(size)
    guard !overflow, sum <= UInt64(end) else {
      throw failure(at: end, "the directory of \(size) bytes at \(offset) reaches beyond its end record")
    }
    guard count <= size / 46 else { throw failure(at: end, "\(count) entries do not fit into \(size) bytes") }
    guard count <= Self.mostEntries else {
      throw failure(at: end, "\(count) entries are more than the \(Self.mostEntries) that are read")
    }
    return (Int(count), Int(size), Int(offset))
  }

  private mutating func readEntries(count: Int, size: Int) throws {
    var names: Set<String> = []
    var place = start
    for _ in 0..<count {
      guard has([0x50, 0x4B, 1, 2], at: place), place + 46 <= start + size else {
        throw failure(at: place, "no directory entry is here")
      }
      let (name, extra, comment) = (small(2, at: place + 28), small(2, at: place + 30), small(2, at: place + 32))
      let next = place + 46 + name + extra + comment
      guard next <= start + size else { throw failure(at: place, "an entry reaches beyond the directory") }
      let text = String(decoding: data[place + 46..<place + 46 + name], as: UTF8.self)
      guard names.insert(text).inserted else {
        throw InputError("\(path): entry \(inQuotes(text))", "occurs twice", remedy: Self.repair)
      }
      entries.append(try entry(text, at: place, extra: place + 46 + name..<place + 46 + name + extra))
      place = next
    }
    guard place == start + size else { throw failure(at: place, "the directory goes on behind its entries") }
  }

  private func entry(_ name: String, at place: Int, extra: Range<Int>) throws -> ZipArchive.Entry {
    let where_ = "\(path): entry \(inQuotes(name))"
    guard number(2, at: place + 8) & 1 == 0 else {
      throw InputError(where_, "is encrypted", remedy: "write it without a password")
    }
    let method = number(2, at: place + 10)
    guard method == 0 || method == 8 else {
      throw InputError(where_, "is packed by method \(method)", remedy: "stored and deflated entries are read")
    }
    let numbers = try sizes(at: place, extra: extra, where_)
    let (packed, size, header) = (numbers.packed, numbers.size, numbers.header)
    guard header <= UInt64(start), Int(header) + 30 <= start, has([0x50, 0x4B, 3, 4], at: Int(header)) else {
      throw InputError(where_, "should begin at byte \(header), where no entry begins", remedy: Self.repair)
    }
    let begin = Int(header) + 30 + small(2, at: Int(header) + 26) + small(2, at: Int(header) + 28)
    guard begin <= start, packed <= UInt64(start - begin) else {
      throw InputError(where_, "of \(packed) bytes reaches into the directory", remedy: Self.repair)
    }
    // Deflate packs at most 1032 bytes into one.
    guard method == 0 ? size == packed : size / 1032 <= packed else {
      throw InputError(where_, "has \(packed) bytes for \(size) unpacked ones", remedy: Self.repair)
    }
    return ZipArchive.Entry(
      name: name, size: Int(size), isDeflated: method == 8, checksum: UInt32(number(4, at: place + 16)),
      bytes: begin..<begin + Int(packed))
  }

  /// Sizes and place of an entry, from the 64-bit field where the 32-bit ones say so.
  private func sizes(
    at place: Int, extra: Range<Int>, _ where_: String
  ) throws -> (size: UInt64, packed: UInt64, header: UInt64) {
    var values = [number(4, at: place + 24), number(4, at: place + 20), number(4, at: place + 42)]
    guard values.contains(0xFFFF_FFFF) else { return (values[0], values[1], values[2]) }
    var field = extra.lowerBound
    while field + 4 <= extra.upperBound {
      let (kind, length) = (number(2, at: field), small(2, at: field + 2))
      var cursor = field + 4
      let end = cursor + length
      guard end <= extra.upperBound else { break }
      if kind == 1 {
        for index in values.indices where values[index] == 0xFFFF_FFFF {
          guard cursor + 8 <= end else { break }
          values[index] = number(8, at: cursor)
          cursor += 8
        }
        return (values[0], values[1], values[2])
      }
      field = end
    }
    throw InputError(where_, "lacks its 64-bit sizes", remedy: Self.repair)
  }

  private func checkOverlaps() throws {
    let ordered = entries.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    for (first, second) in zip(ordered, ordered.dropFirst()) where second.bytes.lowerBound < first.bytes.upperBound + 30
    {
      throw InputError(
        "\(path): entry \(inQuotes(second.name))", "overlaps \(inQuotes(first.name))", remedy: Self.repair)
    }
  }
}
