import Foundation
import Support

/// Refuses to write an answer over one of the files that it comes from, by whatever path or link.
///
/// - Parameters:
///   - out: the file to write; nothing is there, as a rule.
///   - inputs: the files that are read.
///   - place: what the error calls the output.
/// - Throws: ``InputError`` that names the input.
func requireOther(_ out: String, than inputs: [String], at place: String) throws {
  func identity(_ path: String) -> [Int]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [Int(bitPattern: UInt(status.st_dev)), Int(bitPattern: UInt(status.st_ino))]
  }
  guard let own = identity(out), let same = inputs.first(where: { identity($0) == own }) else { return }
  throw InputError(place, "'\(out)' is the input '\(same)', which would be lost", remedy: "name another file")
}
