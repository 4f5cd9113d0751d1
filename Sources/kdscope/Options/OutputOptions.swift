import ArgumentParser
import Experiments

/// In which form an answer is printed.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print one JSON document instead of text. (default: text)")
  var json = false

  /// Prints an answer in the form that was asked for.
  func print(_ document: @autoclosure () -> DocumentNode, text: @autoclosure () -> String) throws {
    try Output.write(json ? document().json + "\n" : text())
  }
}
