import Checkpoints
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// Images that checkpoints are asked about.
public enum AskedImages {
  /// A tensor `images` [N, C, H, W] of a file, taken as it is, already normalised; the first so many, all where nil.
  case tensor(URL, count: Int?)
  /// Pictures, scaled to the network's size and normalised as in its training.
  case pictures(UnlabelledPictures)
  /// A part of a data set.
  case data(ProbeData)

  /// What a network's outputs are taken for.
  enum Outputs {
    /// The network's own, in its own order.
    case own
    /// In the order of the data's classes if the network has these, else its own.
    case ordered
    /// The data's classes, which the network must have.
    case labels
  }

  /// What a command line asks for.
  ///
  /// - Parameters:
  ///   - images: a file or folder; nil where a data set is named.
  ///   - data: a data set; nil where a file is named.
  ///   - assignments: `data.option=value`, as `--set` takes them.
  ///   - split: which part of a data set; nil for the test images, or all where they are not divided.
  ///   - count: at most so many images: the first of files, spread evenly over a data set; nil for all.
  ///   - seed: decides which images of a data set are held out.
  ///   - command: the command's name, for the error line.
  /// - Throws: ``InputError`` if none or both are given, or if there are no such images.
  public init(
    images: String?, data: String?, assignments: [String] = [], split: ProbeData.Split? = nil, count: Int? = nil,
    seed: Int = 1, command: String
  ) throws {
    switch (images, data) {
    case (let images?, nil):
      if let assignment = assignments.first {
        throw InputError("--set \(assignment)", "stands beside --images", remedy: "it is an option of --data")
      }
      if let split {
        throw InputError("--split \(split)", "stands beside --images", remedy: "it is a part of --data")
      }
      let url = URL(fileURLWithPath: images)
      guard ["safetensors", "npy"].contains(url.pathExtension.lowercased()), !Folders.isFolder(images) else {
        let pictures = try UnlabelledPictures(images)
        self = .pictures(count.map { pictures.first($0) } ?? pictures)
        return
      }
      self = .tensor(url, count: count)
    case (nil, let data?):
      self = .data(try ProbeData(data, assignments: assignments, seed: seed, split: split, count: count))
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
  /// - Parameters:
  ///   - checkpoint: a checkpoint.
  ///   - model: name of the network where the file cannot say it.
  ///   - advanced: is told the share that is done.
  /// - Returns: the logits, and what their columns stand for: the classes of the data where images of a data set are
  ///   asked about and the network has the same, else those of the network's file, numbers where it names none.
  /// - Throws: ``InputError`` if the images do not fit the network.
  public func logits(
    of checkpoint: URL, model: String?, _ advanced: (Double) -> Void = { _ in }
  ) throws -> (values: Tensor, classes: [String]) {
    let asked = try asked(checkpoint, model: model, .ordered)
    return (try asked.logits(advanced), asked.classes)
  }

  /// A layer's features of all images, in evaluation mode.
  ///
  /// - Parameters:
  ///   - checkpoint: a checkpoint.
  ///   - model: name of the network where the file cannot say it.
  ///   - layer: name of a probe point.
  ///   - beforeRelu: whether the feature is taken before the layer's ReLU.
  ///   - advanced: is told the share that is done.
  /// - Returns: tensor "features" in PyTorch's axis order, [N, C, H, W] or [N, D].
  /// - Throws: ``InputError`` if the images do not fit the network, or it has no such layer.
  public func features(
    of checkpoint: URL, model: String?, layer: String, beforeRelu: Bool, _ advanced: (Double) -> Void = { _ in }
  ) throws -> StoredTensor {
    let asked = try asked(checkpoint, model: model)
    let point = try asked.network.probePoint(layer, at: "LAYER")
    guard point.hasRelu || !beforeRelu else {
      throw InputError("--before-relu", "\(layer) ends in no ReLU", remedy: "leave the option out")
    }
    let features = try asked.answers(advanced) { images in
      withoutRecording { asked.network.feature(FeaturePoint(layer, preActivation: beforeRelu), of: images) }
    }
    try features.requireFinite("features", of: checkpoint.path)
    let ordered = features.shape.rank == 4 ? features.permuted([0, 3, 1, 2]) : features
    return StoredTensor(name: "features", shape: ordered.shape.dimensions, floats: ordered.floats)
  }

  /// A checkpoint's network with these images as it takes them.
  ///
  /// - Parameters:
  ///   - checkpoint: a checkpoint.
  ///   - model: name of the network where the file cannot say it.
  ///   - outputs: what its outputs are taken for; without a data set they are the network's own.
  /// - Returns: the network, frozen.
  /// - Throws: ``InputError`` if the images do not fit the network.
  func asked(_ checkpoint: URL, model: String?, _ outputs: Outputs = .own) throws -> AskedNetwork {
    switch self {
    case .tensor(let url, let count):
      let images = try TensorImages.read(url)
      let size = (height: images.shape[1], width: images.shape[2])
      let read = try Checkpoint.read(checkpoint, model: model, imageSize: size)
      try read.network.specification.require(
        height: size.height, width: size.width, channels: images.shape[3], of: "the images are", at: url.path,
        checkpoint: checkpoint)
      let spread = ProbeData.ProbedNetwork(read, checkpoint, orElse: .spreading(images))
      return AskedNetwork(spread, tensor: images, count: min(images.shape[0], count ?? .max))
    case .pictures(let pictures):
      let read = try Checkpoint.read(checkpoint, model: model)
      guard let facts = read.facts else {
        throw InputError(
          checkpoint.path, "the file does not say how its images are normalised",
          remedy: "say it, such as --normalization imagenet, or give --images normalised ones (.safetensors, .npy)")
      }
      let fit = PictureFit(height: facts.model.height, width: facts.model.width, channels: facts.model.channels)
      let normalization = Normalization(mean: facts.mean, std: facts.deviation)
      return AskedNetwork(
        ProbeData.ProbedNetwork(read, checkpoint, orElse: normalization), try pictures.set(fit))
    case .data(let data):
      let probed =
        switch outputs {
        case .own: try data.network(checkpoint, model: model)
        case .ordered: try data.answering(checkpoint, model: model)
        case .labels: try data.classifier(checkpoint, model: model)
        }
      return AskedNetwork(probed, data.asked)
    }
  }
}

extension Normalization {
  /// As if the smallest value of normalised images had been black and the largest white.
  fileprivate static func spreading(_ images: Tensor) -> Normalization {
    let values = images.floats
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let width = high > low ? high - low : 1
    return Normalization(
      mean: Array(repeating: -low / width, count: images.shape[3]),
      std: Array(repeating: 1 / width, count: images.shape[3]))
  }
}
