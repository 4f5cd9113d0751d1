import Checkpoints
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// Images that checkpoints are asked about.
public enum AskedImages {
  /// A tensor `images` [N, C, H, W] of a file, taken as it is, already normalised.
  case file(URL)
  /// The test split of a data set, with its default options.
  case data(String)

  /// What a command line asks for.
  ///
  /// - Parameters:
  ///   - images: a file; nil where a data set is named.
  ///   - data: a data set; nil where a file is named.
  ///   - command: the command's name, for the error line.
  /// - Throws: ``InputError`` if none or both are given.
  public init(images: String?, data: String?, command: String) throws {
    switch (images, data) {
    case (let images?, nil): self = .file(URL(fileURLWithPath: images))
    case (nil, let data?): self = .data(data)
    case (nil, nil): throw InputError(command, "no images are given", remedy: "add --images FILE or --data SET")
    default: throw InputError("--images", "stands beside --data", remedy: "give one of them")
    }
  }

  /// Logits of all images, [images, classes], in evaluation mode.
  ///
  /// - Throws: ``InputError`` if the images do not fit the network.
  public func logits(of checkpoint: URL, model: String?) throws -> Tensor {
    try answers(of: checkpoint, model: model) { network, images in network.logits(images) }
  }

  /// A layer's features of all images, in evaluation mode.
  ///
  /// - Parameters:
  ///   - checkpoint: a checkpoint.
  ///   - model: name of the network where the file cannot say it.
  ///   - layer: name of a probe point.
  ///   - beforeRelu: whether the feature is taken before the layer's ReLU.
  /// - Returns: tensor "features" in PyTorch's axis order, [N, C, H, W] or [N, D].
  /// - Throws: ``InputError`` if the images do not fit the network, or it has no such layer.
  public func features(of checkpoint: URL, model: String?, layer: String, beforeRelu: Bool) throws -> StoredTensor {
    let features = try answers(of: checkpoint, model: model) { network, images in
      let point = try network.probePoint(layer, at: "LAYER")
      guard point.hasRelu || !beforeRelu else {
        throw InputError("--before-relu", "\(layer) ends in no ReLU", remedy: "leave the option out")
      }
      return withoutRecording { network.feature(FeaturePoint(layer, preActivation: beforeRelu), of: images) }
    }
    let ordered = features.shape.rank == 4 ? features.permuted([0, 3, 1, 2]) : features
    return StoredTensor(name: "features", shape: ordered.shape.dimensions, floats: ordered.floats)
  }

  /// What a network says of all images, batch by batch.
  private func answers(
    of checkpoint: URL, model: String?, _ answer: (any Network, Tensor) throws -> Tensor
  ) throws -> Tensor {
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
      let parts = try stride(from: 0, to: images.shape[0], by: 256).map { start in
        try answer(network, images.slice(start..<min(images.shape[0], start + 256), alongAxis: 0))
      }
      return concatenated(parts, alongAxis: 0)
    case .data(let name):
      let data = try ProbeData(name)
      let probed = try data.network(checkpoint, model: model)
      let set = data.splits.test
      let maker = BatchMaker(set, normalization: probed.normalization, augmentation: nil, seed: 0)
      let parts = try stride(from: 0, to: set.count, by: 256).map { start in
        let indices = Array(start..<min(set.count, start + 256))
        let images = Tensor(shape: [indices.count, set.height, set.width, set.channels]) {
          maker.fill($0, indices: indices[...], epoch: 0)
        }
        return try answer(probed.network, images)
      }
      return concatenated(parts, alongAxis: 0)
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
