import Checkpoints
import Datasets
import Foundation
import Support
import Tensors
import Training

/// Images that checkpoints are asked about.
public enum AskedImages {
  /// A tensor `images` [N, C, H, W] of a file, taken as it is, already normalised.
  case file(URL)
  /// The test split of a data set, with its default options.
  case data(String)

  /// Logits of all images, [images, classes], in evaluation mode.
  ///
  /// - Throws: ``InputError`` if the images do not fit the network.
  public func logits(of checkpoint: URL, model: String?) throws -> Tensor {
    switch self {
    case .file(let url):
      let images = try Self.images(of: url)
      let size = (height: images.shape[1], width: images.shape[2])
      let network = try Checkpoint.read(checkpoint, model: model, imageSize: size).network
      let specification = network.specification
      guard
        [images.shape[1], images.shape[2], images.shape[3]]
          == [specification.height, specification.width, specification.channels]
      else {
        throw InputError(
          url.path, "the images are \(images.shape[3])×\(size.height)×\(size.width)",
          remedy: "\(specification.name) of \(checkpoint.path) takes "
            + "\(specification.channels)×\(specification.height)×\(specification.width)")
      }
      let starts = stride(from: 0, to: images.shape[0], by: 256)
      return withoutRecording {
        concatenated(
          starts.map { start in
            network.logits(images.slice(start..<min(images.shape[0], start + 256), alongAxis: 0))
          }, alongAxis: 0)
      }
    case .data(let name):
      let entry = try DatasetCatalog.entry(name)
      let data = try DatasetCatalog.load(name, Options([:], for: entry, at: "--data"), seed: 1)
      let read = try Checkpoint.read(checkpoint, model: model, imageSize: (data.test.height, data.test.width))
      let specification = read.network.specification
      guard
        [data.test.height, data.test.width, data.test.channels]
          == [specification.height, specification.width, specification.channels]
      else {
        throw InputError(
          "--data", "\(name) has images of \(data.test.channels)×\(data.test.height)×\(data.test.width)",
          remedy: "\(specification.name) of \(checkpoint.path) takes "
            + "\(specification.channels)×\(specification.height)×\(specification.width)")
      }
      let stored = read.facts.map { Normalization(mean: $0.mean, std: $0.deviation) }
      return Logits.of(read.network, on: data.test, stored ?? data.normalization)
    }
  }

  /// The images of a file as [N, H, W, C].
  private static func images(of url: URL) throws -> Tensor {
    let file = try Safetensors.read(url)
    guard let stored = file["images"] else {
      throw InputError(url.path, "has no tensor 'images'", remedy: "name it so, [N, C, H, W], already normalised")
    }
    guard stored.shape.count == 4, stored.count > 0 else {
      throw InputError(
        url.path, "tensor 'images' has shape \(Shape(stored.shape))", remedy: "it takes [N, C, H, W], one image or more"
      )
    }
    guard let values = try? stored.floats() else {
      throw InputError(
        url.path, "tensor 'images' has type \(stored.type.rawValue)", remedy: "F32, F64, F16 or BF16 is needed")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw InputError(url.path, "tensor 'images' holds values that are not finite numbers", remedy: "mend the images")
    }
    return Tensor(values, shape: Shape(stored.shape)).permuted([0, 2, 3, 1])
  }
}
