import Foundation
import Statistics
import Support

/// A table that was read from a file, whichever program wrote it.
public struct TableFile: Sendable {
  /// Files up to this are read: text and cells of more would not fit into a gibibyte.
  private static let mostBytes = 256 << 20

  /// The table.
  public let table: Table
  /// For columns of texts in which most fields are numbers: the first that is none, at its line of the file.
  public let doubts: [String: InputError]

  /// Reads a CSV file as ``CSVReading`` does.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``InputError`` naming file and line.
  public init(_ url: URL) throws {
    let bytes = try Self.text(of: url)
    do {
      let reading = try CSVReading(bytes)
      table = reading.table
      doubts = reading.doubts.mapValues { InputError("\(url.path):\($0.line)", $0.problem, remedy: $0.remedy) }
    } catch {
      throw InputError("\(url.path):\(error.line)", error.problem, remedy: error.remedy)
    }
  }

  fileprivate static func text(of url: URL) throws -> [UInt8] {
    let remedy = "expected a CSV file"
    let bytes = try FileBytes.read(url.path, atMost: mostBytes, as: "a CSV file")
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw InputError(url.path, "is not UTF-8 text", remedy: remedy)
    }
    return bytes
  }
}

extension Table {
  /// Reads a CSV file.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - columns: what it must hold; nil infers kinds, without units and descriptions.
  /// - Throws: ``InputError`` naming file and line.
  public init(contentsOf url: URL, columns: [Column]? = nil) throws {
    guard let columns else {
      self = try TableFile(url).table
      return
    }
    let text = String(decoding: try TableFile.text(of: url), as: UTF8.self)
    do {
      self = try Table(csv: text, columns: columns)
    } catch {
      throw InputError("\(url.path):\(error.line)", error.problem, remedy: error.remedy)
    }
  }
}
