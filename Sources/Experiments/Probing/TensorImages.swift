import Checkpoints
import Foundation
import Support
import Tensors

/// Images that somebody normalised already: a tensor [N, C, H, W] in a file.
enum TensorImages {
  /// - Parameter url: a .npy file, or a safetensors file whose tensor is called `images`.
  /// - Returns: [N, H, W, C].
  /// - Throws: ``InputError`` if there is no such tensor, or its values are no images.
  static func read(_ url: URL) throws -> Tensor {
    let (stored, name) = try tensor(url)
    guard stored.shape.count == 4, stored.count > 0 else {
      throw InputError(
        url.path, "\(name) has shape \(Shape(stored.shape))", remedy: "it takes [N, C, H, W], one image or more")
    }
    guard let values = try? stored.floats() else {
      throw InputError(
        url.path, "\(name) has type \(stored.type.rawValue)", remedy: "F32, F64, F16 or BF16 is needed")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw InputError(url.path, "\(name) holds values that are not finite numbers", remedy: "mend the images")
    }
    return Tensor(values, shape: Shape(stored.shape)).permuted([0, 2, 3, 1])
  }

  private static func tensor(_ url: URL) throws -> (stored: StoredTensor, name: String) {
    if url.pathExtension.lowercased() == "npy" { return (try NumPyArray.read(url), "the array") }
    guard let stored = try Safetensors.read(url)["images"] else {
      throw InputError(url.path, "has no tensor 'images'", remedy: "name it so, [N, C, H, W], already normalised")
    }
    return (stored, "tensor 'images'")
  }
}
