import Foundation
import Support

/// The bytes of a pickle, one argument after the other; every length is held against what is left.
struct PickleBytes {
  private let data: Data
  private let path: String
  /// Of the next byte, from the file's first.
  private(set) var position: Int

  /// - Parameters:
  ///   - data: the whole file, indices from 0.
  ///   - path: for error lines.
  ///   - start: where the pickle begins.
  init(_ data: Data, path: String, from start: Int = 0) {
    self.data = data.startIndex == 0 ? data : Data(data)
    self.path = path
    position = start
  }

  /// An error whose place is a byte.
  func broken(_ problem: String, at place: Int? = nil, remedy: String? = nil) -> InputError {
    InputError(
      "\(path): byte \(place ?? position)", problem,
      remedy: remedy ?? "the pickle is damaged or made up: fetch the file again")
  }

  var isAtEnd: Bool { position >= data.count }

  /// The next bytes.
  mutating func take(_ count: Int) throws -> Data {
    guard count >= 0, count <= data.count - position else {
      throw broken("the pickle ends within \(count) bytes", remedy: "it is cut short: fetch the file again")
    }
    defer { position += count }
    return data[position..<position + count]
  }

  mutating func byte() throws -> UInt8 {
    guard position < data.count else {
      throw broken("the pickle ends without its STOP", remedy: "it is cut short: fetch the file again")
    }
    defer { position += 1 }
    return data[position]
  }

  /// An unsigned number, lowest byte first.
  mutating func number(_ width: Int) throws -> UInt64 {
    try take(width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Bytes behind their length.
  mutating func counted(_ width: Int) throws -> Data {
    let start = position
    let length = try number(width)
    guard let count = Int(exactly: length), count <= data.count - position else {
      throw broken(
        "\(length) bytes are claimed, and \(data.count - position) are left", at: start,
        remedy: "it is cut short or made up: fetch the file again")
    }
    return try take(count)
  }

  /// UTF-8 behind its length; half surrogates, which Python lets pass, are replaced.
  mutating func text(_ width: Int) throws -> String { String(decoding: try counted(width), as: UTF8.self) }

  /// A line without its end.
  mutating func line() throws -> String {
    let longest = 1_000
    guard let end = data[position...].prefix(longest).firstIndex(of: 0x0A) else {
      throw broken("a name has no end within \(longest) bytes")
    }
    defer { position = end + 1 }
    return String(decoding: data[position..<end], as: UTF8.self)
  }
}
