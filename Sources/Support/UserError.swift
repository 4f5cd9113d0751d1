/// An error that the user can mend: arguments, recipe, data file or checkpoint. The program ends with exit code 2.
///
/// The description is one line of the form `WHERE: what is wrong; what would be right`.
public protocol UserError: Error, CustomStringConvertible, Sendable {}

/// A user error that needs no type of its own.
public struct InputError: UserError, Equatable {
  /// The whole line, without the program's name.
  public let description: String

  /// - Parameters:
  ///   - place: the file (with line or byte offset), option or recipe key.
  ///   - problem: what is wrong there.
  ///   - remedy: what would be right; left out of the line when nil.
  public init(_ place: String, _ problem: String, remedy: String? = nil) {
    description = "\(place): \(problem)" + (remedy.map { "; \($0)" } ?? "")
  }
}

/// Work that failed through no fault of the input (disk full, a loss that is not a number). Exit code 1.
public struct WorkError: Error, CustomStringConvertible, Sendable, Equatable {
  /// One line that says what failed and where.
  public let description: String

  /// - Parameter description: one line that says what failed and where.
  public init(_ description: String) { self.description = description }
}
