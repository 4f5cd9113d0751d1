import Support

/// A command line as text.
enum CommandText {
  /// The command line that this program was called with, as a shell takes it.
  static var ofThisProgram: String {
    ([programName] + CommandLine.arguments.dropFirst().map(quoted)).joined(separator: " ")
  }

  /// An argument as a shell takes it for one word.
  static func quoted(_ argument: String) -> String {
    let isPlain = argument.unicodeScalars.allSatisfy { scalar in
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || "-_./=,:+@%".unicodeScalars.contains(scalar)
    }
    return isPlain && !argument.isEmpty ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
  }
}
