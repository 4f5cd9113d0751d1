import ArgumentParser
import Reporting
import Support

/// Which columns and rows of a plain table are drawn.
struct TableOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Horizontal axis. (default: epoch or the like, else texts)", valueName: "column"))
  var x: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Vertical axis; repeatable, a panel for each. (default: value or the like)", valueName: "column")
  )
  var y: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What tells series apart; repeatable. (default: texts and conditions that differ)", valueName: "column"))
  var group: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Rows that are kept; repeatable. (default: all)", valueName: "column=value"))
  var conditions: [String] = []

  @Flag(name: .long, help: "Logarithmic horizontal axis. (default: linear)")
  var logX = false

  @Flag(name: .long, help: "Logarithmic vertical axis. (default: linear)")
  var logY = false

  /// Whether nothing is asked for.
  var isEmpty: Bool { x == nil && y.isEmpty && group.isEmpty && conditions.isEmpty && !logX && !logY }

  /// - Throws: ``InputError`` for a condition without `=`.
  func asked() throws -> TableQuestion {
    var question = TableQuestion()
    question.x = x
    question.y = y
    question.groups = group
    question.isLogarithmicX = logX
    question.isLogarithmicY = logY
    question.conditions = try conditions.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw InputError("--where", "'\(text)' is no condition", remedy: "give COLUMN=VALUE")
      }
      return TableQuestion.Condition(column: parts[0], value: parts[1])
    }
    return question
  }
}
