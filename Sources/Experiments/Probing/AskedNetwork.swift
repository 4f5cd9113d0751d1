import Datasets
import Foundation
import Models
import Plotting
import Support
import Tensors

/// A checkpoint's network, frozen, with images as it takes them.
public struct AskedNetwork {
  /// Where the network was read from.
  public let url: URL
  /// The network.
  public let network: any Network
  /// What the file says that the network is; nil for a foreign file.
  public let role: String?
  /// What its outputs stand for.
  public let classes: [String]
  /// Number of images.
  public let count: Int
  /// Of the network's training.
  let normalization: Normalization
  /// The images where they are bytes; nil where somebody normalised them already.
  let set: ImageSet?
  /// The images of some indices as the network takes them: [indices, H, W, C], normalised.
  public let images: (ArraySlice<Int>) -> Tensor
  /// An image as people see it: three bytes per pixel, row by row.
  let picture: (Int) -> Gallery.Cell

  /// The network with images of a set.
  init(_ probed: ProbeData.ProbedNetwork, _ set: ImageSet) {
    let maker = BatchMaker(set, normalization: probed.normalization, augmentation: nil, seed: 0)
    url = probed.url
    network = probed.network
    role = probed.role
    classes = probed.classes
    normalization = probed.normalization
    self.set = set
    count = set.count
    images = { maker.images($0) }
    picture = { .image(of: set, $0) }
  }

  /// The network with a tensor of images that somebody normalised.
  ///
  /// - Parameters:
  ///   - probed: the network; its normalisation only turns the images back into pictures.
  ///   - tensor: [N, H, W, C].
  ///   - count: the first so many are taken.
  init(_ probed: ProbeData.ProbedNetwork, tensor: Tensor, count: Int) {
    url = probed.url
    network = probed.network
    role = probed.role
    classes = probed.classes
    normalization = probed.normalization
    set = nil
    self.count = count
    images = { indices in
      // Batches are neighbours, and a slice needs no list of rows.
      let isRow = indices.last.map { $0 - (indices.first ?? 0) + 1 == indices.count } ?? false
      guard isRow, let first = indices.first else { return tensor.rows(Array(indices)) }
      return tensor.slice(first..<first + indices.count, alongAxis: 0)
    }
    let normalization = normalization
    picture = { .image(of: tensor.slice($0..<$0 + 1, alongAxis: 0), normalization) }
  }

  /// Logits of all images in evaluation mode.
  ///
  /// - Parameters:
  ///   - batch: images at a time; the numbers do not depend on it beyond rounding.
  ///   - advanced: is told the share that is done.
  /// - Returns: [images, classes].
  /// - Throws: ``InputError`` if some are not finite numbers, ``Interrupted`` after a signal.
  public func logits(batch: Int = 256, _ advanced: (Double) -> Void = { _ in }) throws -> Tensor {
    let logits = try answers(batch: batch, advanced) { network.logits($0) }
    try logits.requireFinite("logits", of: url.path)
    return logits
  }

  /// What is said of all images, batch by batch.
  ///
  /// - Parameters:
  ///   - batch: images at a time.
  ///   - advanced: is told the share that is done.
  ///   - answer: is given some images, and returns a row for each.
  /// - Returns: the rows of all images.
  /// - Throws: ``Interrupted`` after a signal, and what `answer` throws.
  func answers(batch: Int = 256, _ advanced: (Double) -> Void = { _ in }, _ answer: (Tensor) throws -> Tensor) throws
    -> Tensor
  {
    let all = Array(0..<count)
    let parts = try stride(from: 0, to: count, by: batch).map { start in
      try Interrupt.check()
      let end = min(count, start + batch)
      let part = try answer(images(all[start..<end]))
      advanced(Double(end) / Double(count))
      return part
    }
    return concatenated(parts, alongAxis: 0)
  }

  /// Some of the images, spread evenly over all, or over those of each class where classes are known.
  func spread(_ wanted: Int) -> (count: Int, images: (ArraySlice<Int>) -> Tensor) {
    guard wanted < count else { return (count, images) }
    let (rows, take) = (set?.spreadIndices(wanted) ?? (0..<wanted).map { $0 * count / wanted }, images)
    return (wanted, { indices in take(indices.map { rows[$0] }[...]) })
  }
}

extension Gallery.Cell {
  /// An image that was normalised, as it was before: [1, H, W, C] with one colour or three.
  fileprivate static func image(of tensor: Tensor, _ normalization: Normalization) -> Gallery.Cell {
    let (height, width, channels) = (tensor.shape[1], tensor.shape[2], tensor.shape[3])
    let bytes = tensor.floats.enumerated().map { place, value -> UInt8 in
      let channel = place % channels
      let pixel = value * normalization.std[channel] + normalization.mean[channel]
      return UInt8(min(255, max(0, (pixel * 255).rounded())))
    }
    let rgb = (0..<height * width).flatMap { pixel in
      (0..<3).map { bytes[pixel * channels + min($0, channels - 1)] }
    }
    return .image(width: width, height: height, rgb: rgb)
  }
}
