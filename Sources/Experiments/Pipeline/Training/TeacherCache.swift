import Checkpoints
import Distillation
import Foundation
import NeuralNetworks
import Support
import Tensors

/// Answers of a frozen teacher to the augmented training images of one seed, on disk: one file per epoch and feature.
///
/// How an image is augmented depends on seed, epoch and image alone, so that all students of a seed see the same images
/// and the second one need not ask again. What decides the images and the teacher is in the folder's name.
final class TeacherCache: TeacherAnswers {
  private static let logits = "logits"

  private let folder: URL
  private let count: Int
  private let shapes: [String: [Int]]
  private let tell: (String) -> Void
  /// What is known of the running epoch: from files, or gathered from the teacher.
  private var epoch = -1
  private var stored: [String: Tensor] = [:]
  private var gathered: [String: (values: Tensor, filled: Int)] = [:]

  /// - Parameters:
  ///   - folder: of one teacher, data set, augmentation and seed; made when something is kept.
  ///   - count: training images.
  ///   - classes: of the teacher.
  ///   - features: what is asked for beside logits, with the shape for one image.
  ///   - tell: is told of a file that is damaged; the teacher is then asked again.
  init(
    folder: URL, count: Int, classes: Int, features: [FeaturePoint: Shape],
    tell: @escaping (String) -> Void = Notice.tell
  ) {
    self.folder = folder
    self.count = count
    self.tell = tell
    shapes = Dictionary(
      features.map { (Self.name($0), [count] + $1.dimensions) } + [(Self.logits, [count, classes])]
    ) { first, _ in first }
  }

  func answer(_ batch: Batch, _ features: Set<FeaturePoint>) throws -> TeacherAnswer? {
    begin(batch.epoch)
    guard let logits = tensor(TeacherCache.logits) else { return nil }
    var found: [FeaturePoint: Tensor] = [:]
    for point in features {
      guard let feature = tensor(Self.name(point)) else { return nil }
      found[point] = feature
    }
    return TeacherAnswer(logits: logits.rows(batch.indices), features: found.mapValues { $0.rows(batch.indices) })
  }

  func keep(_ answer: TeacherAnswer, to batch: Batch) throws {
    begin(batch.epoch)
    try gather(TeacherCache.logits, answer.logits, batch.indices)
    for (point, feature) in answer.features { try gather(Self.name(point), feature, batch.indices) }
  }

  private func begin(_ epoch: Int) {
    guard epoch != self.epoch else { return }
    self.epoch = epoch
    stored = [:]
    gathered = [:]
  }

  private func gather(_ name: String, _ answer: Tensor, _ indices: [Int]) throws {
    let width = answer.count / indices.count
    var entry =
      gathered[name] ?? (Tensor.zeros(Shape([count] + answer.shape.dimensions.dropFirst())), 0)
    let values = answer.floats
    entry.values.mutate { target in
      for (row, index) in indices.enumerated() {
        for place in 0..<width { target[index * width + place] = values[row * width + place] }
      }
    }
    entry.filled += indices.count
    gathered[name] = entry
    guard entry.filled == count else { return }
    try Folders.create(folder)
    try Safetensors(tensors: [
      StoredTensor(name: "answers", shape: entry.values.shape.dimensions, floats: entry.values.floats)
    ]).write(to: file(name), isSealed: true)
    gathered[name] = nil
  }

  private func tensor(_ name: String) -> Tensor? {
    if let known = stored[name] { return known }
    guard FileManager.default.fileExists(atPath: file(name).path) else { return nil }
    guard let found = try? Safetensors.read(file(name))["answers"], found.shape == shapes[name],
      let values = try? found.floats()
    else {
      tell("\(file(name).path): the stored answers are damaged; the teacher is asked again")
      return nil
    }
    let tensor = Tensor(values, shape: Shape(found.shape))
    stored[name] = tensor
    return tensor
  }

  private static func name(_ point: FeaturePoint) -> String {
    point.layer + (point.isPreActivation ? ".before-relu" : "")
  }

  private func file(_ name: String) -> URL {
    folder.appendingPathComponent(String(format: "epoch-%03d.%@.safetensors", epoch + 1, name))
  }
}
