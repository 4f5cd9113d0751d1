import ArgumentParser
import Experiments

/// The images whose answers are asked for; labels play no part.
struct ImageOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Safetensors file whose tensor images [N,C,H,W] is taken as it is, already normalised. (default: none)",
      valueName: "file"), completion: .file(extensions: ["safetensors"]))
  var images: String?

  @Option(name: .long, help: ArgumentHelp("Data set whose test split is taken. (default: none)", valueName: "set"))
  var data: String?

  /// The images, of which exactly one kind must be given.
  func source(for command: String) throws -> AskedImages {
    try AskedImages(images: images, data: data, command: command)
  }
}
