import Foundation
import Testing

@Suite("A command line that is wrong")
struct RefusalTests {
  static let lines: [(String, String)] = [
    (
      "modles",
      "arguments: there is no command 'modles'; did you mean 'models'? known: analyze, bench, compare, completions, "
        + "convert, datasets, diff, help, lesson, loss, methods, models, plot, probe, recipe, report, run, runs, train"
    ),
    ("models shw", "models: there is no command 'shw'; did you mean 'show'? known: list, show"),
    ("help nothing", "arguments: there is no command 'nothing'; known: "),
    ("hlep", "arguments: there is no command 'hlep'; did you mean 'help'? known: "),
    ("rnu", "arguments: there is no command 'rnu'; did you mean 'run'? known: "),
    ("runs shwo", "runs: there is no command 'shwo'; did you mean 'show'? known: "),
    ("verison", "arguments: there is no command 'verison'; did you mean 'kdscope --version'?"),
    ("--hlp", "arguments: unknown option '--hlp'; did you mean '--help'?"),
    ("--verison", "arguments: unknown option '--verison'; did you mean '--version'?"),
    ("--colour", "arguments: unknown option '--colour'; see 'kdscope --help'"),
    ("run --epochs 5", "run: unknown option '--epochs'; did you mean --set training.epochs=5?"),
    ("run --epoch=5", "run: unknown option '--epoch'; did you mean --set training.epochs=5?"),
    ("run --lr 0.1 --quick", "run: unknown option '--lr'; did you mean --set training.learning-rate=0.1?"),
    ("train --batch-size --quick", "train: unknown option '--batch-size'; did you mean --set training.batch=…?"),
    ("run --probe_images 4", "run: unknown option '--probe_images'; did you mean --set analysis.probe-images=4?"),
    ("run --reusme", "run: unknown option '--reusme'; did you mean '--resume'?"),
    ("models list --epochs 5", "models list: unknown option '--epochs'; see 'kdscope models list --help'"),
    ("run --threads 9999", "--threads: is 9999, and this machine has "),
    ("bench gemm --threads 0", "--threads: is 0, and this machine has "),
    ("probe accuracy x --data mnist --threads 1000", "--threads: is 1000, and this machine has "),
    ("lesson concept-validity --threads 1000", "--threads: is 1000, and this machine has "),
    ("lesson capacity-gap --minutes 5", "--minutes: is 5; it takes 2, 10 or 120"),
    ("lesson capacity-gab", "lesson: there is no lesson 'capacity-gab'; did you mean 'capacity-gap'?"),
    ("lesson collect a", "lesson collect: there is one folder; give those of a class, at least two"),
    ("lesson collect a b", "a: there is no such folder; give folders that a lesson was run in"),
    ("lesson concept-validity --seeds 1,1", "--seeds: is 1,1; it takes their number, from 1 to 1000, or a list of"),
    ("recipe --exmple", "recipe: unknown option '--exmple'; did you mean '--example'?"),
    ("models list --jsn", "models list: unknown option '--jsn'; did you mean '--json'?"),
    ("recipe", "recipe: nothing to do; add --example, --keys or --check FILE"),
    ("recipe --keys --example", "--example: cannot be combined with --keys; use one of them"),
    ("recipe --keys --seeds 3", "--keys: takes no changes; drop them"),
    ("recipe --check", "recipe: missing value for '--check <file>'; see 'kdscope recipe --help'"),
    ("recipe --example --check r.yaml", "--example: cannot be combined with --check; use one of them"),
    ("recipe --example --quick", "--example: takes no changes; add --json"),
    ("recipe --check r.yaml extra", "recipe: unexpected argument 'extra'; see 'kdscope recipe --help'"),
    ("recipe --check r.yaml --seeds 0", "--seeds: is 0; it takes their number, from 1 to 1000, or a list of"),
    ("recipe --check r.yaml --seeds 5,,6", "--seeds: is 5,,6; it takes their number"),
    ("recipe --check r.yaml --seeds 5,0", "--seeds: is 5,0; it takes their number"),
    ("recipe --check r.yaml --seeds 5,6 --seed 2", "--seed: cannot be combined with a list of seeds; give one of them"),
    ("recipe --check r.yaml --seeds many", "--seeds: is many; it takes their number, from 1 to 1000, or"),
    ("recipe --check r.yaml --seed 1000000 --seeds 2", "--seed: the last of 2 seeds is above 1000000; start"),
    ("recipe --check r.yaml --set training.epochs=0", "--set training.epochs: epochs is 0; it takes"),
    ("recipe --check r.yaml --set seeds", "--set seeds: no value; write --set key.path=value"),
    ("recipe --check r.yaml --quick", "r.yaml: has no quick variant; add a section"),
    ("recipe --check missing.yaml", "missing.yaml: no such file; give"),
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
