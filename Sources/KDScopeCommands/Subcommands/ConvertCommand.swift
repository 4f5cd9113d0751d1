import ArgumentParser
import Checkpoints
import Experiments
import Foundation
import Support

/// `kdscope convert`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write the tensors of a file of weights in another format.",
    discussion: """
      Reads safetensors (also the index of several), what torch.save and torch.jit.save write, and npz; writes \
      .safetensors, .npz or .pth, which opens under torch.load(weights_only=True). Each tensor keeps its values bit for \
      bit, its type and its shape, but for those of --without. Nothing of a file is executed: objects beside the weights are skipped, and named. \
      With --json: "in", "out", "format" (of the input), "key" (where its weights stand), "prefix" (which all names \
      had), "others" (where further weights stand), "tensors" (their number), "skipped" (path, what).
      """)

  /// What values may be rounded to.
  enum Precision: String, CaseIterable, ExpressibleByArgument {
    case f32, f16, bf16

    var type: StoredType {
      switch self {
      case .f32: .f32
      case .f16: .f16
      case .bf16: .bf16
      }
    }
  }

  @Argument(help: "The file to read.", completion: .file())
  var input: String

  @Argument(
    help: "The file to write; its ending says the format.",
    completion: .file(extensions: WeightExport.allCases.map(\.rawValue)))
  var out: String

  @OptionGroup
  var key: KeyOptions

  @Option(name: .long, help: "Type that floating-point values are rounded to. (default: each tensor's own)")
  var dtype: Precision?

  @Flag(name: .long, help: "Keep a prefix such as module. that all names have. (default: leave it out)")
  var keepPrefix = false

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Tensor to leave out, by its name in the file, or all whose names begin so, as in teacher.; may be given more than once. (default: none)",
      valueName: "name"))
  var without: [String] = []

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let format = try WeightExport(path: out)
    try requireOther(out, than: [input], at: "OUT")
    let archive = try WeightArchive.read(URL(fileURLWithPath: input), key: key.key).leavingOut(without)
    archive.tellChoices(isStripped: !keepPrefix)
    let prefix = keepPrefix ? "" : archive.prefix
    var overflowing: [String] = []
    try format.write(
      archive.tensors(without: prefix), metadata: archive.metadata, to: URL(fileURLWithPath: out)
    ) { tensor in
      guard let dtype else { return tensor }
      let converted = try tensor.converted(to: dtype.type)
      if try converted.hasOverflowed(from: tensor) { overflowing.append(tensor.name) }
      return converted
    }
    if let first = overflowing.first, let dtype {
      let more = overflowing.count > 1 ? " and \(overflowing.count - 1) more" : ""
      Notice.tell(
        "\(out): tensor '\(VisibleText.name(first, atMost: 80))'\(more): values beyond the range of \(dtype.rawValue) became infinite"
      )
    }
    try output.print(
      .map([
        "in": .text(input), "out": .text(out), "format": .text(archive.format.rawValue),
        "key": archive.key.map { .text($0) } ?? .null, "prefix": .text(prefix),
        "others": .list(archive.others.map { .text($0) }),
        "tensors": .number(Double(archive.tensors.count)),
        "skipped": .list(archive.skipped.map { .map(["path": .text($0.path), "what": .text($0.what)]) }),
      ]), text: "\(out): \(archive.tensors.count) tensor\(archive.tensors.count == 1 ? "" : "s")\n")
  }
}
