import ArgumentParser
import Experiments
import Support

/// In which form an answer is printed.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print one JSON document instead of text. (default: text)")
  var json = false

  /// Prints an answer in the form that was asked for.
  func print(_ document: @autoclosure () -> DocumentNode, text: @autoclosure () -> String) throws {
    if json { try Output.write(document().json + "\n") } else { try Output.writeText(text()) }
  }

  /// Prints an answer whose text is data for programs, too.
  func print(_ document: @autoclosure () -> DocumentNode, data: @autoclosure () -> String) throws {
    try Output.write(json ? document().json + "\n" : VisibleText.data(data()))
  }
}
