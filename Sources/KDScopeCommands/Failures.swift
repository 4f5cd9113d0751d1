import ArgumentParser
import Experiments
import Support

/// The line and exit code of an error that work ended in.
func failure(_ error: any Error) -> (line: String, code: Int32) {
  let code: Int32 =
    switch error {
    case is any UserError: 2
    case is Interrupted: 130
    default: 1
    }
  return (oneLine("\(error)"), code)
}

/// The line of an error that reading the arguments ended in: the parser's words in the form `WHERE: problem; remedy`.
func parsingFailure(_ error: any Error, _ arguments: [String]) -> (line: String, code: Int32) {
  if error is any UserError { return failure(error) }
  let message = oneLine(KDScope.message(for: error))
  // What a command's own check found begins with the option that it is about.
  if message.hasPrefix("--") { return (message, 2) }
  let commands = commandPath(in: arguments, of: KDScope.self)
  let place = commands.isEmpty ? "arguments" : commands.joined(separator: " ")
  let problem = (message.first?.lowercased() ?? "") + message.dropFirst()
  // The parser's own suggestions know nothing of recipes.
  let plain = problem.firstRange(of: ". Did you mean ").map { String(problem[..<$0.lowerBound]) } ?? problem
  if let hint = hint(for: plain, arguments, commands) { return ("\(place): \(plain); \(hint)", 2) }
  if let question = problem.firstRange(of: ". Did you mean ") {
    return ("\(place): \(problem[..<question.lowerBound]); did you mean \(problem[question.upperBound...])", 2)
  }
  let help = ([programName] + commands + ["--help"]).joined(separator: " ")
  return ("\(place): \(problem.hasSuffix(".") ? String(problem.dropLast()) : problem); see '\(help)'", 2)
}

/// Refuses a word that stands where a command must and is none.
///
/// - Throws: ``InputError`` that names the nearest command.
func refuseUnknownCommand(in arguments: [String], of root: any ParsableCommand.Type) throws {
  let arguments = arguments.first == "help" ? Array(arguments.dropFirst()) : arguments
  let path = commandPath(in: arguments, of: root)
  guard path.count < arguments.count else { return }
  let word = arguments[path.count]
  let commands = command(at: path, of: root).configuration.subcommands.map(name)
  let known = commands + (path.isEmpty ? ["help"] : [])
  guard !commands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
  // Where a command has a usual one that takes a word, the word may be that: a lesson's name.
  if let usual = command(at: path, of: root).configuration.defaultSubcommand, usual == LessonRun.self { return }
  let isVersion = path.isEmpty && closest(to: word, in: ["version"]) != nil
  throw InputError(
    (path.isEmpty ? ["arguments"] : path).joined(separator: " "), "there is no command '\(word)'",
    remedy: isVersion ? "did you mean '\(programName) --version'?" : nearest(word, in: known))
}

/// What was probably meant by an option that a command does not have: one of its own, or a key of the recipe.
private func hint(for problem: String, _ arguments: [String], _ commands: [String]) -> String? {
  guard let quoted = problem.firstMatch(of: /^unknown option '(-+([^'=]+))'/) else { return nil }
  let (option, word) = (String(quoted.1), String(quoted.2))
  let help = KDScope.helpMessage(for: command(at: commands, of: KDScope.self), includeHidden: false, columns: 80)
  let known = help.matches(of: /\n {2}(?:-\w, )?(--[a-z-]+)/).map { String($0.1) }
  if let meant = closest(to: word, in: known) { return "did you mean '\(meant)'?" }
  guard help.contains("--set <key.path=value>"), let path = RecipeSection.path(meaning: word) else { return nil }
  let place = arguments.firstIndex { $0 == option || $0.hasPrefix("\(option)=") }
  let written = place.flatMap { index -> String? in
    if let sign = arguments[index].firstIndex(of: "=") { return String(arguments[index][sign...].dropFirst()) }
    let next = arguments[(index + 1)...].first
    return next.flatMap { $0.hasPrefix("-") ? nil : $0 }
  }
  return "did you mean --set \(path)=\(written ?? "…")?"
}

/// The names of the commands that the first arguments are.
private func commandPath(in arguments: [String], of root: any ParsableCommand.Type) -> [String] {
  var path: [String] = []
  for word in arguments {
    guard command(at: path, of: root).configuration.subcommands.contains(where: { name($0) == word }) else { break }
    path.append(word)
  }
  return path
}

private func command(at path: [String], of root: any ParsableCommand.Type) -> any ParsableCommand.Type {
  path.reduce(root) { parent, word in parent.configuration.subcommands.first { name($0) == word } ?? parent }
}

private func name(_ command: any ParsableCommand.Type) -> String { command.configuration.commandName ?? "\(command)" }

private func oneLine(_ text: String) -> String {
  text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined(separator: " ")
}
