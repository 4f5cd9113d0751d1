import ArgumentParser
import Checkpoints
import Experiments
import Foundation
import Support

/// `kdscope loss`.
struct LossCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loss", abstract: "One distillation loss and its gradients on tensors from a file.",
    discussion: """
      Lets anyone compare a method with its paper's code. The tensors are float32 in PyTorch's axis order under \
      the names that `kdscope methods show METHOD` lists; labels and indices are whole numbers. The loss is the method's \
      own, without a recipe's weight, warm-up and label term. With --json: "method", "loss", "terms" (summands with \
      their weights).
      """)

  @Argument(help: "The method.", completion: .list(LossAnswer.methods))
  var method: String

  @Option(
    name: .long, help: ArgumentHelp("Safetensors file with the tensors. (required)", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var inputs: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "An option of the method, such as temperature=4; repeatable. (default: the paper's)", valueName: "key=value"))
  var assignments: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Safetensors file to write d loss / d tensor to, for each student tensor and parameter. (default: none)",
      valueName: "file"), completion: .file(extensions: ["safetensors"]))
  var gradients: String?

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let file = try Safetensors.read(URL(fileURLWithPath: inputs))
    let answer = try LossAnswer(method, file, path: inputs, assignments: assignments)
    if let gradients { try answer.gradients.write(to: URL(fileURLWithPath: gradients)) }
    try output.print(answer.document, text: answer.text)
  }
}
