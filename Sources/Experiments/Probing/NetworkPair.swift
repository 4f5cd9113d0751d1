import Checkpoints
import Datasets
import Foundation
import Support

/// Two networks with the same images, each as it takes them: of its own size and normalisation.
public struct NetworkPair {
  /// One network.
  public let first: AskedNetwork
  /// The other.
  public let second: AskedNetwork
  /// Names of the classes, in the order of the first network's outputs.
  public let classes: [String]
  /// Class of each image; nil where it is not known.
  public let labels: [Int]?
  /// What tells the images apart: names of pictures, else numbers from 0.
  public let names: [String]
  /// Where the images come from.
  private let source: AskedImages
  /// Which of the second's outputs stands for each class; nil where they are in the same order.
  private let order: [Int]?

  /// Reads two checkpoints.
  ///
  /// - Parameters:
  ///   - a: a checkpoint, and the name of its network where the file cannot say it.
  ///   - b: another.
  ///   - keys: where in files of PyTorch the weights stand, as ``WeightArchive/keys(_:of:)`` takes them.
  ///   - images: what both are asked about; with a data set they must have its classes.
  /// - Throws: ``InputError`` if the images do not fit, or the networks do not have the same classes.
  public init(
    _ a: (url: URL, model: String?), _ b: (url: URL, model: String?), keys: [String] = [], on images: AskedImages
  ) throws {
    let keys = WeightArchive.keys(keys, of: [a.url, b.url])
    func asked(_ file: (url: URL, model: String?), key: String?) throws -> AskedNetwork {
      var choices = CheckpointChoices.current
      choices.key = key
      return try CheckpointChoices.$current.withValue(choices) {
        try images.asked(file.url, model: file.model, .labels)
      }
    }
    first = try asked(a, key: keys[0])
    second = try asked(b, key: keys[1])
    source = images
    names = images.names ?? (0..<first.count).map(String.init)
    classes = first.classes
    if case .data(let data) = images {
      labels = data.asked.labels.map(Int.init)
      order = nil
    } else {
      labels = nil
      order = try Self.order(of: second, as: first)
    }
  }

  /// Logits of the second network, their columns in the order of the classes.
  func aligned(_ logits: [Float]) -> [Float] {
    guard let order else { return logits }
    return logits.indices.map { logits[$0 / order.count * order.count + order[$0 % order.count]] }
  }

  /// Both networks for maps of these images.
  ///
  /// - Parameter names: of the checkpoints as they were named.
  /// - Returns: A and B.
  /// - Throws: ``InputError`` if the images are no pictures.
  func mapSubjects(_ names: [String]) throws -> [MapSubject] {
    try zip(names, [first, second]).map { name, asked in
      guard let set = asked.set else {
        throw InputError(
          "--position", "maps are of pictures, and these images are normalised already",
          remedy: "give --images a picture or a folder of pictures, or --data SET")
      }
      let images =
        if case .data(let data) = source { MapImages(set, of: data) } else { MapImages(photos: set) }
      return MapSubject(name: name, network: asked.network, normalization: asked.normalization, images: images)
    }
  }

  /// Which output of a network stands for each class of another; nil where they are in the same order.
  private static func order(of other: AskedNetwork, as network: AskedNetwork) throws -> [Int]? {
    let (own, others) = (network.classes, other.classes)
    if own == others { return nil }
    guard own.count == others.count else {
      throw InputError(
        other.url.path, "the network has \(others.count) classes",
        remedy: "that of \(network.url.path) has \(own.count); answers to the same classes can be compared")
    }
    let places = Dictionary(others.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    let order = own.compactMap { places[$0] }
    if Set(order).count == own.count {
      Notice.tell("\(other.url.path): its classes stand in another order; they are matched by name")
      return order
    }
    let numbers = (0..<own.count).map(String.init)
    guard own == numbers || others == numbers else {
      throw InputError(
        other.url.path, "the network's classes are \(others.prefix(12).joined(separator: ", "))",
        remedy: "those of \(network.url.path) are \(own.prefix(12).joined(separator: ", "))")
    }
    Notice.tell("\(other.url.path): the classes of both files are not named; output k is taken for class k")
    return nil
  }
}
