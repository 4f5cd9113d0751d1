import ArgumentParser
import Experiments
import Support

/// The images whose answers are asked for; labels play no part unless they have some.
struct ImageOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      A picture, a folder with pictures, or a .safetensors (tensor images) or .npy file of images [N,C,H,W] that are \
      normalised already. (default: none)
      """, valueName: "path"), completion: .file())
  var images: String?

  @OptionGroup
  var question: QuestionOptions

  /// The images, of which exactly one kind must be given.
  func source(for command: String) throws -> AskedImages {
    question.useThreads()
    let asked = try AskedImages(
      images: images, data: question.data, assignments: question.changes.assignments, split: question.split,
      count: question.count, seed: question.seed, command: command)
    if let note = asked.note { Notice.tell(note) }
    return asked
  }
}
