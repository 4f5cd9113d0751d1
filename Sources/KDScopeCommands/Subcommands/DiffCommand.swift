import ArgumentParser
import Checkpoints
import Experiments
import Foundation

/// `kdscope diff`.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two checkpoints tensor by tensor.",
    discussion: """
      Takes safetensors (also the index of several), PyTorch's files and npz; a wrapper's prefix that all names of a file have (module., \
      _orig_mod., model., backbone.) is left out, which standard error is told. Lists tensors that only one file has, renamed ones (another prefix, or equal values under another name), \
      and for those that differ the relative distance |B - A| / |A|, cosine, largest difference, sign flips and values that \
      are not finite. Prints nothing where the checkpoints are the same. Exit codes, as diff has them: 0 the same, 1 \
      different, 2 the input is wrong. With --json: "a", "b", "same", "tolerance", "prefix", "only_a", "only_b", \
      "tensors" (all that both have), "relative_distance" and "cosine" of all values.
      """)

  @Argument(help: "The first file of weights.", completion: .file())
  var a: String

  @Argument(help: "The second file of weights.", completion: .file())
  var b: String

  @Option(
    name: .long,
    help: "Relative distance up to which a tensor counts as the same, even of another type.")
  var tolerance = 0.0

  @OptionGroup
  var keys: PairKeyOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance: is \(tolerance); it takes a number from 0")
    }
  }

  func run() throws {
    let urls = [a, b].map { URL(fileURLWithPath: $0) }
    let files = try zip(urls, WeightArchive.keys(keys.key, of: urls)).map { url, key in
      let archive = try WeightArchive.read(url, key: key)
      archive.tellChoices()
      return try archive.loaded()
    }
    let difference = CheckpointDifference(files[0], files[1])
    let page = DifferencePage([a, b], difference, tolerance: tolerance)
    try output.print(page.document, text: page.text)
    // No failure, but an answer that scripts can ask for.
    if !difference.isSame(tolerance: tolerance) { throw ExitCode(1) }
  }
}
