import Support

/// A command line as text.
enum CommandText {
  /// The command line that this program was called with, as a shell takes it.
  static var ofThisProgram: String {
    ([programName] + CommandLine.arguments.dropFirst().map(\.shellWord)).joined(separator: " ")
  }
}
