import ArgumentParser
import Experiments

/// The images whose answers are asked for; labels play no part.
struct ImageOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      A picture, a folder with pictures, or a .safetensors (tensor images) or .npy file of images [N,C,H,W] that are \
      normalised already. (default: none)
      """, valueName: "path"), completion: .file())
  var images: String?

  @Option(name: .long, help: ArgumentHelp("Data set whose test split is used. (default: none)", valueName: "set"))
  var data: String?

  @OptionGroup
  var changes: DataChanges

  /// The images, of which exactly one kind must be given.
  func source(for command: String) throws -> AskedImages {
    let asked = try AskedImages(images: images, data: data, assignments: changes.assignments, command: command)
    if let note = asked.note { Output.writeError("kdscope: \(note)\n") }
    return asked
  }
}
