import Foundation
import Testing

@Suite("Help")
struct HelpTests {
  static let commands = [
    "", "run", "compare", "train", "analyze", "report", "probe", "probe summary", "probe layers", "probe logits",
    "probe features",
    "probe accuracy", "probe compare", "probe predict", "probe linear", "probe entropy", "probe concepts", "loss",
    "diff", "convert", "plot", "runs", "runs list",
    "runs show", "runs compare", "runs remove", "recipe", "lesson", "lesson run", "lesson list", "lesson collect",
    "models", "models list", "models show", "datasets",
    "datasets list", "datasets show", "methods", "methods list", "methods show", "bench", "bench train",
    "bench inference", "bench methods", "bench data", "bench entropy", "bench gemm", "completions",
  ]

  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden/help")

  /// Recorded by `Tests/Golden/help/record`.
  @Test("is the recorded text", arguments: commands)
  func golden(_ command: String) throws {
    let name = (["kdscope"] + command.split(separator: " ")).joined(separator: "-")
    let expected = try String(contentsOf: Self.folder.appendingPathComponent("\(name).txt"), encoding: .utf8)
    let outcome = try Program.run(command.split(separator: " ").map(String.init) + ["--help"])
    #expect(outcome.output == expected)
    #expect(outcome.exitCode == 0)
    #expect(outcome.messages.isEmpty)
  }

  @Test("names a default for every option that is not required", arguments: commands)
  func defaults(_ command: String) throws {
    let help = try Program.run(command.split(separator: " ").map(String.init) + ["--help"]).output
    // An option's text goes on over the indented lines behind it.
    let sections = help.split(separator: "\n  -").dropFirst().map { $0.split(separator: "\n\n")[0] }
    for section in sections where !section.hasPrefix("h, --help") && !section.hasPrefix("-version") {
      #expect(section.contains(/\((values:[^)]*;\s+)?default:/) || section.contains("(required)"), "\(section)")
    }
    #expect(sections.count >= 2)
  }

  @Test(
    "comes with a version and completion scripts",
    arguments: [
      (["--version"], "."), (["--generate-completion-script", "bash"], "_kdscope"),
      (["--generate-completion-script", "zsh"], "#compdef kdscope"),
      (["--generate-completion-script", "fish"], "resnet20"), (["completions", "bash"], "--tensorboard"),
      (["completions", "zsh"], "#compdef kdscope"), (["completions", "fish"], "compare"),
    ])
  func scripts(_ arguments: [String], _ part: String) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains(part))
    #expect(outcome.messages.isEmpty)
  }

  @Test("without arguments shows what there is")
  func nothing() throws {
    let outcome = try Program.run([])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("OVERVIEW"))
  }
}
