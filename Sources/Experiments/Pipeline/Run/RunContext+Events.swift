import Foundation
import Support
import Training

extension RunContext {
  /// What TensorBoard shows of a training, with the recipe at its beginning.
  func eventLog(_ role: String, seed: Int) -> EventLog {
    EventLog(folder: folders.events((role, seed)), text: ("recipe", recipeText))
  }

  /// The report's figures for TensorBoard; those of an earlier report go.
  func writePictureEvents(_ pictures: [URL]) throws {
    try PictureEvents.write(
      to: folders.events(nil), texts: [("recipe", recipeText)],
      pictures: pictures.map { url in
        (
          tag: "figures/\(url.deletingPathExtension().lastPathComponent)",
          png: Data(try FileBytes.read(url.path, atMost: 256 << 20, as: "a figure of the report"))
        )
      })
  }

  /// Indented by four spaces, markdown shows the text as it is.
  private var recipeText: String {
    recipe.canonicalYAML.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
  }
}
