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
  case tensor(URL)
  /// Pictures, scaled to the network's size and normalised as in its training.
  case pictures(UnlabelledPictures)
  /// The test split of a data set.
  case data(ProbeData)

  /// What a command line asks for.
  ///
  /// - Parameters:
  ///   - images: a file or folder; nil where a data set is named.
  ///   - data: a data set; nil where a file is named.
  ///   - assignments: `data.option=value`, as `--set` takes them.
  ///   - command: the command's name, for the error line.
  /// - Throws: ``InputError`` if none or both are given, or if there are no such images.
  public init(images: String?, data: String?, assignments: [String] = [], command: String) throws {
    switch (images, data) {
    case (let images?, nil):
      guard assignments.isEmpty else {
        throw InputError("--set \(assignments[0])", "stands beside --images", remedy: "it is an option of --data")
      }
      let url = URL(fileURLWithPath: images)
      self =
        ["safetensors", "npy"].contains(url.pathExtension.lowercased()) && !Folders.isFolder(images)
        ? .tensor(url) : .pictures(try UnlabelledPictures(images))
    case (nil, let data?): self = .data(try ProbeData(data, assignments: assignments))
    case (nil, nil): throw InputError(command, "no images are given", remedy: "add --images PATH or --data SET")
    default: throw InputError("--images", "stands beside --data", remedy: "give one of them")
    }
  }

  /// What tells the images apart where they are pictures: their names.
  public var names: [String]? {
    if case .pictures(let pictures) = self { pictures.names } else { nil }
  }

  /// What is left out of the pictures, one line; nil for nothing.
  public var note: String? {
    if case .pictures(let pictures) = self { pictures.note } else { nil }
  }

  /// Logits of all images, [images, classes], in evaluation mode.
  ///
  /// - Returns: the logits, and what their columns stand for: the classes of the data where images of a data set are
  ///   asked about and the network has the same, else those of the network's file, numbers where it names none.
  /// - Throws: ``InputError`` if the images do not fit the network.
  public func logits(of checkpoint: URL, model: String?) throws -> (values: Tensor, classes: [String]) {
    var classes: [String] = []
    let values = try answers(of: checkpoint, model: model, naming: { classes = $0 }) { $0.logits($1) }
    try values.requireFinite("logits", of: checkpoint.path)
    return (values, classes)
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
    try features.requireFinite("features", of: checkpoint.path)
    let ordered = features.shape.rank == 4 ? features.permuted([0, 3, 1, 2]) : features
    return StoredTensor(name: "features", shape: ordered.shape.dimensions, floats: ordered.floats)
  }

  /// What a network says of all images, batch by batch.
  ///
  /// - Parameters:
  ///   - checkpoint: a checkpoint.
  ///   - model: name of the network where the file cannot say it.
  ///   - naming: is told what the outputs stand for; nil where it does not matter.
  ///   - answer: what is asked of the network for a batch.
  /// - Returns: the answers of all batches in a row.
  /// - Throws: ``InputError`` if the images do not fit the network; what `answer` throws.
  private func answers(
    of checkpoint: URL, model: String?, naming: (([String]) -> Void)? = nil,
    _ answer: (any Network, Tensor) throws -> Tensor
  ) throws -> Tensor {
    switch self {
    case .tensor(let url):
      let images = try TensorImages.read(url)
      let size = (height: images.shape[1], width: images.shape[2])
      let read = try Checkpoint.read(checkpoint, model: model, imageSize: size)
      let network = read.network
      naming?(read.outputNames)
      try network.specification.require(
        height: size.height, width: size.width, channels: images.shape[3], of: "the images are", at: url.path,
        checkpoint: checkpoint)
      let parts = try stride(from: 0, to: images.shape[0], by: Self.batch).map { start in
        try answer(network, images.slice(start..<min(images.shape[0], start + Self.batch), alongAxis: 0))
      }
      return concatenated(parts, alongAxis: 0)
    case .pictures(let pictures):
      let read = try Checkpoint.read(checkpoint, model: model)
      guard let facts = read.facts else {
        throw InputError(
          checkpoint.path, "the file does not say how its images are normalised",
          remedy: "give --images a .safetensors or .npy file of images that are")
      }
      naming?(read.outputNames)
      let fit = PictureFit(height: facts.model.height, width: facts.model.width, channels: facts.model.channels)
      read.network.freeze()
      let normalization = Normalization(mean: facts.mean, std: facts.deviation)
      return try BatchMaker(pictures.set(fit), normalization: normalization, augmentation: nil, seed: 0)
        .answers(batch: Self.batch) { try answer(read.network, $0) }
    case .data(let data):
      let probed = try naming == nil ? data.network(checkpoint, model: model) : data.answering(checkpoint, model: model)
      naming?(probed.classes)
      return try BatchMaker(data.asked, normalization: probed.normalization, augmentation: nil, seed: 0)
        .answers(batch: Self.batch) { try answer(probed.network, $0) }
    }
  }

  private static let batch = 256
}
