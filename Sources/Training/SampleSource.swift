import Datasets
import Distillation
import Models
import Tensors

/// What a training learns from and is judged on: images, tokens, vectors, whatever its networks take.
///
/// A batch depends on the request alone, so that a training that was killed goes on with the same bits.
public protocol SampleSource {
  /// What one sample is.
  var signature: InputSignature { get }
  /// What labels mean, and how answers are judged.
  var task: any LearningTask { get }
  /// Training samples.
  var count: Int { get }
  /// Class of each training sample; empty where a sample has no class of its own, such as a sequence with a label at each
  /// place.
  var labels: [Int] { get }
  /// Label of each row of the answers to what is held out, by which the network is judged after each epoch.
  var heldOutLabels: [Int] { get }
  /// Why samples given so far cannot be used, such as a picture file that cannot be read any more; nil where they can.
  var complaint: String? { get }

  /// Whether samples can be shown so.
  func shows(_ view: BatchView) -> Bool
  /// Some training samples.
  func batch(_ request: BatchRequest) -> Batch
  /// What is said of all samples that are held out, in the order of ``heldOutLabels``.
  ///
  /// - Parameter answer: is given some of them, and returns a row for each.
  /// - Returns: the rows of all.
  func heldOut(_ answer: (Tensor) -> Tensor) -> Tensor
}

extension SampleSource {
  /// Classes.
  public var task: any LearningTask { Classification() }
  /// As many as there are labels.
  public var count: Int { labels.count }
  /// None.
  public var complaint: String? { nil }
  /// As they are, and in no other way.
  public func shows(_ view: BatchView) -> Bool { view == .ordinary }
}

/// Which samples a step takes, and how it shows them.
public struct BatchRequest {
  /// Places among the training samples.
  public let indices: ArraySlice<Int>
  /// How they are shown.
  public let view: BatchView
  /// Epoch of the whole training, from 0.
  public let epoch: Int

  /// - Parameters: as the properties.
  public init(indices: ArraySlice<Int>, view: BatchView = .ordinary, epoch: Int = 0) {
    self.indices = indices
    self.view = view
    self.epoch = epoch
  }
}

/// The images of a data set: augmented, mixed, shown twice or turned as a program wants them.
public struct ImageSamples: SampleSource {
  private let data: DataSplits
  private let batches: BatchMaker
  /// Images as they are stored.
  private let plain: BatchMaker

  /// - Parameters:
  ///   - data: training and development splits.
  ///   - augmentation: random changes of training images; nil for none.
  ///   - seed: decides them.
  public init(_ data: DataSplits, augmentation: Augmentation?, seed: UInt64) {
    self.data = data
    batches = BatchMaker(data.train, normalization: data.normalization, augmentation: augmentation, seed: seed)
    plain = BatchMaker(data.train, normalization: data.normalization, augmentation: nil, seed: seed)
  }

  /// Of the training split.
  public var signature: InputSignature {
    .image(height: data.train.height, width: data.train.width, channels: data.train.channels)
  }
  /// Of the training split.
  public var labels: [Int] { data.train.labels.map(Int.init) }
  /// Of the development split.
  public var heldOutLabels: [Int] { data.development.labels.map(Int.init) }
  /// Of the picture files.
  public var complaint: String? { data.complaint }

  /// In every way.
  public func shows(_ view: BatchView) -> Bool { true }

  /// Normalised images as the view has them.
  public func batch(_ request: BatchRequest) -> Batch {
    let (indices, epoch) = (request.indices, request.epoch)
    func filled(_ views: Int, _ fill: (UnsafeMutableBufferPointer<Float>) -> Void) -> Tensor {
      Tensor(shape: [views * indices.count, data.train.height, data.train.width, data.train.channels], fill)
    }
    func ordinary() -> Tensor { filled(1) { batches.fill($0, indices: indices, epoch: epoch) } }
    let (images, second): (Tensor, Tensor?) =
      switch request.view {
      case .ordinary: (ordinary(), nil)
      case .strong: (ordinary(), filled(1) { batches.fillStrong($0, indices: indices, epoch: epoch) })
      case .taught(.clean): (ordinary(), filled(1) { plain.fill($0, indices: indices, epoch: epoch) })
      case .twice, .taught: (ordinary(), filled(1) { batches.fillAgain($0, indices: indices, epoch: epoch) })
      case .rotations: (filled(4) { batches.fillRotations($0, indices: indices, epoch: epoch) }, nil)
      }
    let mixture = batches.mixing(indices, epoch: epoch).map { mixing in
      LabelMixture(labels: mixing.map { Int(data.train.labels[$0.partner]) }, shares: mixing.map(\.share))
    }
    return Batch(
      images: images, labels: indices.map { Int(data.train.labels[$0]) }, indices: Array(indices), mixture: mixture,
      secondImages: second, epoch: epoch)
  }

  /// Normalised images of the development split.
  public func heldOut(_ answer: (Tensor) -> Tensor) -> Tensor {
    BatchMaker(data.development, normalization: data.normalization, augmentation: nil, seed: 0).answers(answer)
  }
}
