import Foundation
import Support

/// The names of a data set's classes, which tables and reports tell classes apart by.
enum ClassNames {
  /// Refuses names that cannot be told apart, or not be seen.
  ///
  /// - Parameters:
  ///   - names: as folders, files or recipes have them.
  ///   - place: of a name, for the error line; is given its index.
  /// - Throws: ``InputError`` for an empty name, and for two that are one when spaces at their ends and the ways to
  ///   write an accent are not counted.
  static func check(_ names: [String], at place: (Int) -> String) throws {
    var seen: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      // Two texts that differ only in how accents are composed are equal as keys.
      let word = name.trimmingCharacters(in: .whitespacesAndNewlines)
      guard !word.isEmpty else {
        throw InputError(place(index), "the name of a class is empty", remedy: "give every class a name")
      }
      if let first = seen[word] {
        throw InputError(
          place(index), "two classes have the name '\(word)', the \(first + 1). and the \(index + 1).",
          remedy: "give every class a name of its own")
      }
      seen[word] = index
    }
  }
}
