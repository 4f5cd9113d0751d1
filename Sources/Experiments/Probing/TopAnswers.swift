import Analysis
import Foundation
import Support
import Tensors

/// What a network takes images for: the likeliest classes of each.
public struct TopAnswers {
  /// A class that an image may be.
  public struct Choice: Sendable, Equatable {
    /// Which output.
    public let index: Int
    /// Its name.
    public let name: String
    /// From 0 to 1.
    public let probability: Double
  }

  /// The network with the images.
  let asked: AskedNetwork
  /// The checkpoint's path.
  public var path: String { asked.url.path }
  /// What tells the images apart: names of pictures, else numbers from 0.
  public let names: [String]
  /// For each image the likeliest classes, the likeliest first; of equally likely ones the first.
  public let choices: [[Choice]]
  /// [images, classes].
  let logits: Tensor

  /// Asks a network about images.
  ///
  /// - Parameters:
  ///   - url: a checkpoint.
  ///   - model: name of the network where the file cannot say it.
  ///   - images: what it is asked about.
  ///   - count: classes that are kept for each image; fewer where the network has no more.
  ///   - labels: names of the outputs in place of the file's, and the path they were read from.
  ///   - advanced: is told the share that is done.
  /// - Throws: ``InputError`` if images or labels do not fit the network, ``Interrupted`` after a signal.
  public init(
    _ url: URL, model: String?, on images: AskedImages, top count: Int, labels: (names: [String], path: String)?,
    _ advanced: (Double) -> Void = { _ in }
  ) throws {
    let asked = try images.asked(url, model: model)
    let outputs = asked.network.specification.classes
    if let labels, labels.names.count != outputs {
      throw InputError(
        labels.path, "holds \(labels.names.count) names",
        remedy: "\(asked.network.specification.name) of \(url.path) has \(outputs) classes")
    }
    let classes = labels?.names ?? asked.classes
    let logits = try asked.logits(advanced)
    let predictions = Predictions(
      logits: logits.floats, labels: Array(repeating: 0, count: asked.count), classes: outputs)
    self.asked = asked
    self.logits = logits
    names = images.names ?? (0..<asked.count).map(String.init)
    choices = (0..<asked.count).map { image in
      let row = Array(predictions.probabilities[image * outputs..<(image + 1) * outputs])
      let order = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }
      return order.prefix(count).map { Choice(index: $0, name: classes[$0], probability: row[$0]) }
    }
  }
}
