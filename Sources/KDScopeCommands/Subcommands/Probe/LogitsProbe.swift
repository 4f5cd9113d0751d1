import ArgumentParser
import Checkpoints
import Experiments
import Foundation
import Statistics
import Support
import Tensors

/// `kdscope probe logits`.
struct LogitsProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "logits", abstract: "Logits of checkpoints for given images.",
    discussion: """
      Prints CSV: checkpoint, image (from 0, or the picture's name), one column for each class, with its name where the \
      file has it; with --data in the order of the data's classes, if the network has these. The largest \
      centred part of a picture is scaled to the network's size and normalised as in its training. With --out: writes tensor "logits" [N, classes] into a file \
      instead, as its extension says: .safetensors, .npy, .npz or .csv. With --json: a list, one object for each \
      checkpoint: "checkpoint", "images", "classes", "class_names", with pictures "names", and "logits" (rows) or, \
      with --out, "out".
      """)

  @OptionGroup
  var asked: CheckpointArguments

  @OptionGroup
  var images: ImageOptions

  @Option(
    name: .long,
    help: ArgumentHelp("File to write one checkpoint's logits to. (default: standard output)", valueName: "file"),
    completion: .file(extensions: TensorFile.Format.allCases.map(\.rawValue)))
  var out: String?

  @OptionGroup
  var reading: ReadingOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let source = try images.source(for: "probe logits")
    let file = try out.map { try TensorFile($0) }
    try out.map { try requireOther($0, than: asked.checkpoints + [images.images].compactMap(\.self), at: "--out") }
    if out != nil, asked.checkpoints.count > 1 {
      throw InputError(
        "--out", "takes the logits of one checkpoint, and there are \(asked.checkpoints.count)",
        remedy: "ask one by one")
    }
    let progress = images.question.progress
    progress.plan(asked.checkpoints.map { (name: $0, cost: 1) })
    defer { progress.finish() }
    let answers = try zip(asked.checkpoints, asked.urls).map { name, url in
      progress.begin(name)
      let (logits, classes) = try source.logits(of: url, model: asked.model) { share in progress.update(share) { "" } }
      return (url: url, logits: logits, classes: classes)
    }
    if let file {
      let (logits, classes) = (answers[0].logits, answers[0].classes)
      try file.write(
        StoredTensor(name: "logits", shape: logits.shape.dimensions, floats: logits.floats), columns: heads(classes))
    }
    try output.print(
      .list(answers.map { document($0.url, $0.logits, $0.classes, source.names) }),
      data: out.map { "\($0): logits \(answers[0].logits.shape)\n" }
        ?? zip(names, answers).map { csv($0, $1.logits, $1.classes, source.names) }.joined())
  }

  private func document(_ url: URL, _ logits: Tensor, _ classNames: [String], _ names: [String]?) -> DocumentNode {
    let (count, classes) = (logits.shape[0], logits.shape[1])
    let values = logits.floats
    let rows = (0..<count).map { row in
      DocumentNode.list(values[row * classes..<(row + 1) * classes].map { .number(Double($0)) })
    }
    return .map([
      "checkpoint": .text(url.path), "images": .number(Double(count)), "classes": .number(Double(classes)),
      "class_names": .list(classNames.map { .text($0) }),
      "names": names.map { .list($0.map { .text($0) }) }, "logits": out == nil ? .list(rows) : nil,
      "out": out.map { .text($0) },
    ])
  }

  /// The files' names, with what tells their folders apart where several have one name.
  private var names: [String] {
    let names = asked.urls.map(\.lastPathComponent)
    return Set(names).count == names.count ? names : shortNames(asked.checkpoints)
  }

  /// Heads of the columns of a table of logits.
  private func heads(_ classes: [String]) -> [String] { classes.map { "class \($0)" } }

  private func csv(_ checkpoint: String, _ logits: Tensor, _ classNames: [String], _ names: [String]?) -> String {
    let classes = logits.shape[1]
    let values = logits.floats
    var text = "checkpoint,image," + heads(classNames).map { Table.field($0) }.joined(separator: ",") + "\n"
    for row in 0..<logits.shape[0] {
      let cells = values[row * classes..<(row + 1) * classes].map { "\($0)" }
      text +=
        "\(Table.field(checkpoint)),\(names.map { Table.field($0[row]) } ?? "\(row)")," + cells.joined(separator: ",")
        + "\n"
    }
    return text
  }
}
