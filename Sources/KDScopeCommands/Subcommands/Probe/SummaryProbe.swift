import ArgumentParser
import Experiments

/// `kdscope probe summary`.
struct SummaryProbe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Layers, shapes, size and weights of checkpoints and other files of weights.",
    discussion: """
      Any file of weights: safetensors (also the index of several), what torch.save and torch.jit.save write, npz. \
      Nothing of a file is executed. Prints a tree of layers and tensors; where the network is not known, tensors alone. \
      With --json: a list, one object for each file: "checkpoint", "format" (pytorch-zip, pytorch-legacy, torchscript, \
      safetensors, safetensors-sharded, npz), "key" (where in the file the weights stand), "others" (where further weights stand), "prefix" (which \
      all names had), "model" (null where none is known), "options", "classes", "input" (height, width, colours), "parameters", \
      "multiplications" of one image, "facts" (role, epoch, data, development accuracy; null for a foreign file), \
      "renamed" (names in the file: the network's), "candidates" (the nearest networks where none is known: model, \
      missing, extra, misshapen), "skipped" (path, what), "layers" (also receptive_field in rows and columns of pixels, \
      activation_bytes of one image), "probe_points" and "weights" (name, dtype, shape, shared: the tensor in whose \
      place it lies; over finite values mean, deviation, largest, zeros; nan, infinite, dead: outputs with no weight \
      but 0).
      """)

  @OptionGroup
  var asked: CheckpointArguments

  @OptionGroup
  var key: KeyOptions

  @Flag(name: .long, help: "Read no values and leave their statistics out. (default: read them)")
  var structure = false

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let pages = try asked.urls.map {
      SummaryPage(try CheckpointSummary(of: $0, model: asked.model, key: key.key, isStructureOnly: structure))
    }
    try output.print(.list(pages.map(\.document)), text: pages.map(\.text).joined(separator: "\n"))
  }
}
