import Checkpoints
import Datasets
import Foundation
import Support
import Tensors

/// Logits of labelled images, with those of other images on which a temperature is fitted.
public struct LabelledAnswers {
  /// Logits of some images with their labels.
  public struct Part {
    /// [images · classes], row by row.
    public let logits: [Float]
    /// Class of each image.
    public let labels: [Int]
  }

  /// Where the network or its answers were read from.
  public let url: URL
  /// What the network is, where its file says so.
  public let role: String?
  /// Names of the classes.
  public let classes: [String]
  /// The images that are judged.
  public let judged: Part
  /// Images apart from those; nil where there are none.
  public let development: Part?

  /// Asks a network about a data set.
  ///
  /// - Parameters:
  ///   - probed: the network, of the data's classes.
  ///   - data: the data set.
  ///   - batch: images at a time; the numbers do not depend on it beyond rounding.
  ///   - advanced: is told the share that is done.
  /// - Throws: ``InputError`` if logits are not finite numbers, ``Interrupted`` after a signal.
  public init(
    _ probed: ProbeData.ProbedNetwork, on data: ProbeData, batch: Int = 256, _ advanced: (Double) -> Void = { _ in }
  ) throws {
    let all = Double(max(1, data.asked.count + (data.ownDevelopment?.count ?? 0)))
    var done = 0.0
    func part(_ set: ImageSet) throws -> Part {
      let logits = try AskedNetwork(probed, set).logits(batch: batch) {
        advanced((done + $0 * Double(set.count)) / all)
      }
      done += Double(set.count)
      return Part(logits: logits.floats, labels: set.labels.map(Int.init))
    }
    url = probed.url
    role = probed.role
    classes = data.asked.classes
    judged = try part(data.asked)
    development = try data.ownDevelopment.flatMap { $0.count > 0 ? try part($0) : nil }
  }

  /// Reads answers that some program stored.
  ///
  /// - Parameter path: a safetensors or .npz file with `logits` [N, K] and `labels` [N], perhaps also
  ///   `development_logits` and `development_labels`.
  /// - Throws: ``InputError`` if there are no such arrays, they do not belong together, or hold values that are none.
  public init(stored path: String) throws {
    guard !Folders.isFolder(path) else {
      throw InputError(path, "is a folder", remedy: "give a .safetensors or .npz file with logits and labels")
    }
    let file = try ArrayFile(path)
    let (part, count) = try Self.part(of: file, path, "")
    var development: Part?
    let names = ["development_logits", "development_labels"]
    if try names.contains(where: { try file.arrayIfThere($0) != nil }) {
      let (own, others) = try Self.part(of: file, path, "development_")
      guard others == count else {
        throw InputError(path, "'development_logits' have \(others) classes", remedy: "'logits' have \(count)")
      }
      development = own
    }
    url = URL(fileURLWithPath: path)
    role = nil
    classes = (0..<count).map(String.init)
    judged = part
    self.development = development
  }

  private static func part(of file: ArrayFile, _ path: String, _ prefix: String) throws -> (Part, classes: Int) {
    let logits = try file.array("\(prefix)logits", of: path)
    let labels = try file.array("\(prefix)labels", of: path)
    guard logits.shape.count == 2, logits.count > 0, logits.shape[1] > 1 else {
      throw InputError(
        path, "'\(logits.name)' has shape \(Shape(logits.shape))",
        remedy: "it takes [images, classes], one image or more and two classes or more")
    }
    let (count, classes) = (logits.shape[0], logits.shape[1])
    guard labels.shape == [count] else {
      throw InputError(path, "'\(labels.name)' has shape \(Shape(labels.shape))", remedy: "[\(count)] is needed")
    }
    let values: ([Float], [Int64])
    do {
      values = (try logits.floats(), try labels.integers())
    } catch let error as InputError {
      throw InputError(path, error.description)
    }
    guard values.0.allSatisfy(\.isFinite) else {
      throw InputError(path, "'\(logits.name)' holds values that are not finite numbers", remedy: "mend the answers")
    }
    if let wrong = values.1.first(where: { $0 < 0 || $0 >= Int64(classes) }) {
      throw InputError(path, "'\(labels.name)' holds \(wrong)", remedy: "labels are 0 to \(classes - 1)")
    }
    return (Part(logits: values.0, labels: values.1.map { Int($0) }), classes)
  }

  /// The answers as ``init(stored:)`` reads them.
  public var tensors: [StoredTensor] {
    part("", judged) + (development.map { part("development_", $0) } ?? [])
  }

  private func part(_ prefix: String, _ part: Part) -> [StoredTensor] {
    let count = part.labels.count
    return [
      StoredTensor(name: "\(prefix)logits", shape: [count, classes.count], floats: part.logits),
      StoredTensor(name: "\(prefix)labels", shape: [count], integers: part.labels.map(Int64.init)),
    ]
  }
}
