import Foundation
import Support
import Testing

/// A file that somebody damaged or made up to do harm.
public struct BadFile: Sendable {
  /// What is wrong with it.
  public let name: String
  /// All of it.
  public let bytes: [UInt8]

  /// - Parameters:
  ///   - name: what is wrong with it.
  ///   - bytes: all of it.
  public init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// A good file cut at each of the places.
  public static func cut(_ bytes: [UInt8], at places: some Sequence<Int>) -> [BadFile] {
    places.map { BadFile("cut to \($0) of \(bytes.count) bytes", Array(bytes[..<$0])) }
  }

  /// A good file with each of the bytes inverted in turn.
  public static func flipped(_ bytes: [UInt8], _ places: some Sequence<Int>) -> [BadFile] {
    places.map { place in
      var changed = bytes
      changed[place] ^= 0xFF
      return BadFile("byte \(place) inverted", changed)
    }
  }

  /// Gives every file to a reader: each must come to a value or to one line that names the file.
  ///
  /// - Parameters:
  ///   - files: the files.
  ///   - name: what the file is called, where its ending matters.
  ///   - mustFail: whether a value is wrong too.
  ///   - read: the reader; is given the path.
  /// - Returns: how many different files were refused.
  /// - Throws: what writing the files throws.
  public static func refusals(
    of files: [BadFile], named name: String = "bad", mustFail: Bool, _ read: (String) throws -> Void
  ) throws -> Int {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent(name)
      var refused: Set<[UInt8]> = []
      for file in files {
        try Data(file.bytes).write(to: url)
        do {
          try read(url.path)
          if mustFail { Issue.record("\(file.name): was read") }
        } catch let error as InputError {
          let line = error.description
          refused.insert(file.bytes)
          let isOneLine = line.hasPrefix(url.path) && line.contains("; ") && !line.contains(where: \.isNewline)
          if !isOneLine || line.count > 600 { Issue.record("\(file.name): \(line)") }
        } catch {
          Issue.record("\(file.name): \(error)")
        }
      }
      return refused.count
    }
  }
}
