import Analysis
import ArgumentParser
import Experiments
import Foundation
import Support
import Tensors
import Workloads

/// `kdscope bench entropy`.
struct EntropyBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "entropy", abstract: "Entropy maps of a trained ResNet-20: speed, and error against long runs.",
    discussion: """
      16x16 cells at the last stage, tau 0.1. With --json: "seconds_per_image_same_work" (96 draws x 60 steps), \
      "seconds_per_image_solver", "passes_solver", against a long run "correlation", "centred_error_over_spread" and \
      "log_distortion_error" (largest |ln D/tau|), "passes_reference"; the second long run against the first \
      "reference_correlation", "reference_centred_error_over_spread" and "reference_log_distortion_error"; \
      "development_accuracy" of the network, "images", "threads".
      """)

  @Option(
    name: .long,
    help: ArgumentHelp("A trained ResNet-20. (default: train one on part-shapes first)", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String?

  @Option(name: .long, help: ArgumentHelp("Data set with masks.", valueName: "set"))
  var data = "part-shapes"

  @Option(name: .long, help: "Images.")
  var images = 16

  @Option(name: .long, help: "Iterations of the solver, 16 draws each.")
  var iterations = 24

  @OptionGroup
  var options: BenchOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([("--images", images, 1...10_000), ("--iterations", iterations, 1...10_000)])
  }

  func run() throws {
    let stages: [(name: String, cost: Double)] = [
      (name: "training", cost: 40), (name: "same work", cost: 10), (name: "solver", cost: 9),
      (name: "long run", cost: 75), (name: "second long run", cost: 75),
    ]
    let (result, subject) = try options.timed(stages) { advance in
      let training: (Double) throws -> Void = { try advance("training", $0) }
      let subject = try MeasuredNetwork(checkpoint: checkpoint, data: data, training) { try? training(0) }
      var benchmark = EntropyBenchmark()
      benchmark.images = images
      benchmark.settings = EntropySettings(iterations: iterations, scalingDraws: max(16, 8 * iterations))
      return (try benchmark.run(subject.network, subject.data, advance), subject)
    }
    try output.print(document(result, subject), text: text(result, subject))
  }

  private func document(_ result: EntropyBenchmark.Result, _ subject: MeasuredNetwork) -> DocumentNode {
    .map([
      "seconds_per_image_same_work": .number(result.sameWork.median),
      "seconds_per_image_solver": .number(result.solver.median), "passes_solver": .number(result.solverPasses),
      "correlation": .number(result.agreement.correlation),
      "centred_error_over_spread": .number(result.agreement.centredErrorOverSpread),
      "log_distortion_error": .number(result.agreement.logDistortionError),
      "passes_reference": .number(result.referencePasses),
      "reference_correlation": .number(result.references.correlation),
      "reference_centred_error_over_spread": .number(result.references.centredErrorOverSpread),
      "reference_log_distortion_error": .number(result.references.logDistortionError),
      "development_accuracy": .number(subject.accuracy), "images": .number(Double(result.images)),
      "threads": .number(Double(Threads.count)),
    ])
  }

  private func text(_ result: EntropyBenchmark.Result, _ subject: MeasuredNetwork) -> String {
    func short(_ value: Double) -> String { "\((value * 1_000).rounded() / 1_000)" }
    func row(_ name: String, _ passes: Double, _ agreement: MapAgreement) -> [String] {
      [
        name, "\(Int(passes))", short(agreement.correlation), short(agreement.centredErrorOverSpread),
        short(agreement.logDistortionError),
      ]
    }
    return "entropy maps of \(subject.network.specification.name) (development accuracy "
      + "\(short(100 * subject.accuracy)) %), \(result.images) images, \(Threads.count) threads\n"
      + aligned(
        [
          ["96 draws x 60 steps", "\(short(result.sameWork.median)) s per image"],
          ["solver", "\(short(result.solver.median)) s per image"],
        ], indent: "  ") + "against a long run of \(Int(result.referencePasses)) passes\n"
      + aligned(
        [
          ["", "passes", "correlation", "centred error / spread", "|ln D/tau|"],
          row("solver", result.solverPasses, result.agreement),
          row("another long run", result.referencePasses, result.references),
        ], indent: "  ")
  }
}
