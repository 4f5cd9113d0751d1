import ArgumentParser
import Foundation

/// Runs all benchmarks, alternately, and prints the table.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "Run all benchmarks and print the table.",
    discussion: """
      Engine and PyTorch take turns: each round runs the engine, then PyTorch, each in a fresh process. A ratio is \
      the median over the rounds, with the least and the greatest behind it. The machine should do nothing else.
      """)

  @Option(name: .long, help: "Rounds. (default: 5)")
  var rounds = 5

  @Option(name: .long, help: "Threads of both sides. (default: 2)")
  var threads = 2

  @Option(name: .long, help: "Python that has torch; ./compare makes one.", completion: .file())
  var python: String

  @Option(
    name: .long, help: "A trained ResNet-20 for the solver. (default: train one on part-shapes first)",
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String?

  @Option(name: .long, help: "Data set with masks, for the solver. (default: part-shapes)")
  var data = "part-shapes"

  @Option(name: .long, help: "README whose table is replaced by the new one. (default: none)", completion: .file())
  var write: String?

  @Flag(name: .long, help: "Do very little of everything, to see that it works. (default: measure)")
  var trial = false

  func validate() throws {
    guard (1...100).contains(rounds), (1...1_024).contains(threads) else {
      throw ValidationError("--rounds takes 1 to 100, --threads 1 to 1024")
    }
  }

  func run() throws {
    let children = Children(threads: threads, python: python)
    let comparison = Comparison(children: children, rounds: trial ? 1 : rounds, isTrial: trial)
    let training = try comparison.training()
    let raw = try comparison.raw()
    let growth = try comparison.growth()
    let methods = try comparison.methods()
    let inference = try comparison.inference()
    let entropy = try comparison.entropy()
    let solver = try comparison.solver(checkpoint: checkpoint, data: data)
    let rows =
      training.rows + raw + [growth] + methods + inference + entropy.rows + solver.rows(beside: entropy.published)
      + (try comparison.products()) + [try comparison.start()]
    let notes =
      [
        "\(Host.description); threads on each side: \(threads); rounds: \(comparison.rounds); PyTorch "
          + "\(training.torch).",
        solver.note,
      ] + (trial ? ["A trial: these numbers mean nothing."] : [])
    let text = markdown(rows, notes: notes)
    print(text)
    if let write { try replaceTable(in: URL(fileURLWithPath: write), by: text) }
  }
}
