import Checkpoints
import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Training

/// A trained network with the data that it was trained on.
public struct MeasuredNetwork {
  /// Frozen.
  public let network: any Network
  /// Its data.
  public let data: DataSplits
  /// On the development split, in [0, 1].
  public let accuracy: Double

  /// Reads a network, or trains a ResNet-20 for four epochs.
  ///
  /// - Parameters:
  ///   - checkpoint: of the network; nil to train one.
  ///   - set: a data set with masks, with its default options.
  ///   - advanced: is told the share of the training that is done, and may stop it by throwing.
  ///   - began: is called if and when training begins.
  /// - Throws: ``InputError`` if checkpoint and data do not fit.
  public init(
    checkpoint: String?, data set: String, _ advanced: @escaping (Double) throws -> Void, began: () -> Void
  ) throws {
    let entry = try DatasetCatalog.entry(set)
    let data = try DatasetCatalog.load(set, Options([:], for: entry, at: "--data"), seed: 1)
    guard data.development.masks != nil else {
      throw InputError("--data", "\(set) has no masks", remedy: "take part-shapes or fashion-on-texture")
    }
    let network: any Network
    if let checkpoint {
      let read = try Checkpoint.read(URL(fileURLWithPath: checkpoint), model: "resnet20")
      network = read.network
      let specification = network.specification
      guard specification.channels == data.train.channels, specification.classes == data.train.classes.count else {
        throw InputError(
          checkpoint, "has \(specification.channels) colours and \(specification.classes) classes",
          remedy: "\(set) has \(data.train.channels) and \(data.train.classes.count)")
      }
      _ = try read.matchClasses(data.train.classes, of: set, path: checkpoint)
    } else {
      began()
      network = try MeasuredNetwork.trained(on: data, advanced)
    }
    network.freeze()
    self.network = network
    self.data = data
    accuracy = Evaluation.of(network, on: data.development, data.normalization).accuracy
  }

  private static func trained(on data: DataSplits, _ advanced: @escaping (Double) throws -> Void) throws -> any Network
  {
    let specification = ModelSpecification(
      "resnet20", classes: data.train.classes.count, channels: data.train.channels, height: data.train.height,
      width: data.train.width)
    let network = try ModelCatalog.build(specification, seed: 1)
    let settings = TrainingSettings(
      epochs: 4, batch: 32, schedule: LearningRateSchedule(base: 0.05, shape: .cosine, warmUp: 1))
    let trainer = Trainer(
      JointProgram(student: network, clipNorm: nil, makeOptimizer: settings.makeOptimizer), data: data,
      settings: settings, augmentation: data.augmentation, seed: 1)
    var epoch = 0.0
    try trainer.run { event in
      switch event {
      case .step(let done, let all, _): try advanced((epoch + Double(done) / Double(all)) / Double(settings.epochs))
      case .epoch: epoch += 1
      case .resumed, .note: break
      }
    }
    return network
  }
}
