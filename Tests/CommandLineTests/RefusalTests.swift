import Foundation
import Testing

@Suite("A command line that is wrong")
struct RefusalTests {
  static let lines: [(String, String)] = [
    (
      "modles",
      "arguments: there is no command 'modles'; did you mean 'models'? known: analyze, bench, compare, completions, "
        + "datasets, diff, lesson, loss, methods, models, plot, probe, recipe, report, run, runs, train"
    ),
    ("models shw", "models: there is no command 'shw'; did you mean 'show'? known: list, show"),
    ("help nothing", "arguments: there is no command 'nothing'; known: "),
    ("--hlp", "arguments: unknown option '--hlp'; see 'kdscope --help'"),
    ("recipe --exmple", "recipe: unknown option '--exmple'; did you mean '--example'?"),
    ("models list --jsn", "models list: unknown option '--jsn'; did you mean '--json'?"),
    ("recipe", "recipe: nothing is asked; add --example or --check FILE"),
    ("recipe --check", "recipe: missing value for '--check <file>'; see 'kdscope recipe --help'"),
    ("recipe --example --check r.yaml", "--example: stands beside --check; ask for one of them"),
    ("recipe --example --quick", "--example: takes no changes; add --json"),
    ("recipe --check r.yaml extra", "recipe: unexpected argument 'extra'; see 'kdscope recipe --help'"),
    ("recipe --check r.yaml --seeds 0", "--seeds: is 0; it takes a whole number from 1 to 1000"),
    ("recipe --check r.yaml --seeds many", "recipe: the value 'many' is invalid for '--seeds <seeds>'; see"),
    ("recipe --check r.yaml --seed 1000000 --seeds 2", "--seed: the last of 2 seeds is above 1000000; start"),
    ("recipe --check r.yaml --set training.epochs=0", "--set training.epochs: epochs is 0; it takes"),
    ("recipe --check r.yaml --set seeds", "--set seeds: no value; write --set key.path=value"),
    ("recipe --check r.yaml --quick", "r.yaml: has no quick variant; add a section"),
    ("recipe --check missing.yaml", "missing.yaml: cannot be read (No such file or directory); give"),
    ("recipe --check typo.yaml --json", "typo.yaml:2:13: 'epoch' is no key of training; did you mean 'epochs'?"),
    ("models show", "models show: missing expected argument '<name>'; see 'kdscope models show --help'"),
    ("models show resnet21", "models show: ResNet depth 21 does not exist; depths are 6n+2: 8, 14, 20,"),
    ("datasets show partshapes", "datasets show: there is no data set 'partshapes'; did you mean 'part-shapes'?"),
    ("methods show kdd --json", "methods show: there is no method 'kdd'; did you mean 'kd'?"),
    ("--generate-completion-script csh", "arguments: can't generate completion scripts for 'csh'"),
  ]

  @Test("ends with exit code 2, one line on standard error and nothing on standard output", arguments: lines)
  func refused(_ line: String, _ expected: String) throws {
    let outcome = try Program.run(
      line.split(separator: " ").map(String.init),
      files: ["r.yaml": Program.recipe, "typo.yaml": "name: typo\ntraining: { epoch: 3 }\n"])
    #expect(outcome.exitCode == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.messages.hasPrefix("kdscope: \(expected)"), "\(outcome.messages)")
    #expect(outcome.messages.count { $0 == "\n" } == 1 && outcome.messages.hasSuffix("\n"))
  }
}
