import Foundation
import Models
import Support

extension ModelSpecification {
  /// Refuses images of another size than a checkpoint's network takes.
  ///
  /// - Parameters:
  ///   - height: of the images, in pixels, as the width.
  ///   - width: of the images.
  ///   - channels: of the images.
  ///   - subject: begins the error line, such as "the images are".
  ///   - place: where the images were asked for.
  ///   - checkpoint: the network's file.
  ///   - canResize: whether the images are drawn, or brought, to the size that `data.size` says.
  /// - Throws: ``InputError`` that names both sizes.
  func require(
    height: Int, width: Int, channels: Int, of subject: String, at place: String, checkpoint: URL,
    canResize: Bool = false
  ) throws {
    guard [height, width, channels] == [self.height, self.width, self.channels] else {
      throw InputError(
        place, "\(subject) \(channels)×\(height)×\(width)",
        remedy: "\(name) of \(checkpoint.path) takes \(self.channels)×\(self.height)×\(self.width)"
          + (canResize && channels == self.channels && self.height == self.width
            ? ": add --set data.size=\(self.height)" : ""))
    }
  }
}
