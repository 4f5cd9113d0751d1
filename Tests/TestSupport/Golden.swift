import Checkpoints
import Foundation

/// Expected values that generators in `Tests/Golden` recorded.
public enum Golden {
  /// The folder of generators and their files.
  public static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Golden")

  /// Reads `Tests/Golden/NAME.safetensors`.
  public static func load(_ name: String) throws -> Safetensors {
    try Safetensors.read(folder.appendingPathComponent("\(name).safetensors"))
  }
}

/// Data sets beside the checkout, which a clone of the repository alone does not have.
public enum SharedData {
  /// `../shared/data`, seen from the top of the checkout or from a folder above it.
  public static let folder: URL? = {
    var place = Golden.folder.deletingLastPathComponent().deletingLastPathComponent()
    for _ in 0..<3 {
      place.deleteLastPathComponent()
      let candidate = place.appendingPathComponent("shared/data")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    return nil
  }()

  /// Whether the data are there: `.enabled(if: SharedData.exists, "../shared/data is absent")`.
  public static var exists: Bool { folder != nil }
}
