import Foundation
import Support

/// A Python pickle of plain data. Nothing in it is ever run.
///
/// Its values are good as long as it lives.
public final class Pickle {
  /// What the file holds.
  public let value: PickleValue
  /// Ends what is nested or holds itself.
  private let arena: PickleArena

  /// Reads a file that is one pickle.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: a longer file is refused, bytes.
  ///   - meaning: what the file should be, for the error line.
  /// - Throws: ``InputError`` naming the byte of what is damaged, or refused because it is no plain data.
  public convenience init(path: String, atMost limit: Int, as meaning: String) throws {
    let data = try FileBytes.mapped(path, as: meaning)
    guard data.count <= limit else {
      throw InputError(path, "has \(data.count) bytes", remedy: "\(meaning) of at most \(limit) bytes is expected")
    }
    try self.init(data, path: path)
  }

  /// Reads the bytes of a pickle; nothing may follow it.
  ///
  /// - Parameters:
  ///   - data: all of them.
  ///   - path: what errors call the file.
  /// - Throws: as ``init(path:atMost:as:)``.
  public init(_ data: Data, path: String) throws {
    var machine = PickleMachine(data, path: path)
    value = try machine.run()
    arena = machine.arena
    guard machine.isAtEnd else {
      throw InputError(path, "the file goes on behind its pickle", remedy: "it is damaged: fetch it again")
    }
  }
}

/// Owns lists, dictionaries, sets and records, and empties them at the end: those that hold each other two hundred
/// thousand deep would overflow the stack when they are freed, and those that hold themselves would never be.
final class PickleArena {
  private var containers: [PickleContainer] = []
  private var records: [PickleRecord] = []

  func container(_ kind: PickleContainer.Kind) -> PickleContainer {
    let container = PickleContainer(kind)
    containers.append(container)
    return container
  }

  func record(_ name: PickleName, _ arguments: [PickleValue]) -> PickleRecord {
    let record = PickleRecord(name, arguments)
    records.append(record)
    return record
  }

  deinit {
    for container in containers { container.elements = [] }
    for record in records { (record.arguments, record.state, record.elements) = ([], nil, []) }
  }
}
