import Checkpoints
import Foundation

/// A data set of the user's own in one file of arrays, and a recipe for it; an experiment of a fraction of a second.
enum SmallArrays {
  /// What the masks of the images show.
  enum Masks: Sendable {
    case box, none, empty, full, onePixel
  }

  /// Reads `images.safetensors` beside it.
  static let recipe = """
    name: small
    data: { set: arrays, path: images.safetensors, development: 6 }
    teacher: { model: resnet8 }
    student: { model: cnn2 }
    distillation: [ { method: kd } ]
    training: { epochs: 1, batch: 8 }
    analysis: { layers: [conv2], probe-images: 2, grid: 4, draws: 4, iterations: 4, epochs: [1] }
    threads: 1

    """

  /// Lays recipe and images into a folder.
  ///
  /// - Parameters:
  ///   - folder: where `small.yaml` and `images.safetensors` go.
  ///   - changes: texts of the recipe and what stands in their place.
  ///   - masks: what the masks show.
  ///   - labels: of each image; eight of each of three classes unless given.
  /// - Throws: what writing throws.
  static func lay(
    into folder: URL, _ changes: [(String, String)] = [], masks: Masks = .box,
    labels: [Int64] = (0..<24).map { $0 % 3 }
  ) throws {
    let text = changes.reduce(recipe) { $0.replacing($1.0, with: $1.1) }
    try Data(text.utf8).write(to: folder.appendingPathComponent("small.yaml"))
    let (count, side) = (labels.count, 16)
    // Smooth images whose brightness and slope say the class, and a number that tells two of a class apart.
    let pixels = (0..<count * side * side * 3).map { place -> UInt8 in
      let (image, pixel) = (place / (side * side * 3), place / 3 % (side * side))
      return UInt8((Int(labels[image]) % 7 * 30 + pixel % side * 3 + pixel / side + image * 5) % 256)
    }
    var tensors = [
      StoredTensor(name: "images", type: .u8, shape: [count, side, side, 3], bytes: Data(pixels)),
      StoredTensor(name: "labels", shape: [count], integers: labels),
    ]
    if masks != .none {
      let mask = (0..<side * side).map { pixel -> UInt8 in
        let (row, column) = (pixel / side, pixel % side)
        return switch masks {
        case .box: (4..<12).contains(row) && (4..<12).contains(column) ? 1 : 0
        case .full: 1
        case .onePixel: pixel == 100 ? 1 : 0
        case .empty, .none: 0
        }
      }
      let bytes = Data((0..<count).flatMap { _ in mask })
      tensors.append(StoredTensor(name: "masks", type: .u8, shape: [count, side, side], bytes: bytes))
    }
    try Safetensors(tensors: tensors).write(to: folder.appendingPathComponent("images.safetensors"))
  }
}
