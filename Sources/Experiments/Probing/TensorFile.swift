import Checkpoints
import Foundation
import Statistics
import Support

/// A file that answers of a probe go into, in the format that its name's extension says.
public struct TensorFile: Sendable, Equatable {
  /// The formats by their extensions.
  public enum Format: String, Sendable, CaseIterable {
    case safetensors, npy, npz, csv
  }

  /// Where it lies.
  public let url: URL
  /// What is written there.
  public let format: Format

  /// - Parameters:
  ///   - path: ends in an extension of ``Format``.
  ///   - place: what errors call it.
  /// - Throws: ``InputError`` for another extension.
  public init(_ path: String, at place: String = "--out") throws {
    url = URL(fileURLWithPath: path)
    let known = Format.allCases.map(\.rawValue)
    guard let format = Format(rawValue: url.pathExtension.lowercased()) else {
      throw InputError(
        place, "the extension of '\(url.lastPathComponent)' names no format",
        remedy: "end it in ." + known.joined(separator: ", ."))
    }
    self.format = format
  }

  /// Writes a tensor, whole or not at all: under its name where the format has names; as CSV one line for each first
  /// index, with the others side by side.
  ///
  /// - Parameters:
  ///   - tensor: what is written.
  ///   - columns: heads of the CSV's columns behind the index; nil numbers them behind the tensor's name.
  /// - Throws: ``InputError`` if the format cannot hold it, and as ``AtomicFile``.
  public func write(_ tensor: StoredTensor, columns: [String]? = nil) throws {
    switch format {
    case .safetensors: try Safetensors(tensors: [tensor]).write(to: url)
    case .npy: try NumPyWriter.write(tensor, to: url)
    case .npz: try NumPyWriter.writeArchive([tensor], to: url)
    case .csv: try AtomicFile.write(Data(try Self.csv(tensor, columns).utf8), to: url)
    }
  }

  private static func csv(_ tensor: StoredTensor, _ columns: [String]?) throws -> String {
    let values = try tensor.floats()
    let rows = tensor.shape.first ?? 1
    let width = rows == 0 ? 0 : values.count / rows
    let heads = columns.map { $0.map { Table.field($0) } } ?? (0..<width).map { "\(tensor.name)_\($0)" }
    var text = (["index"] + heads).joined(separator: ",") + "\n"
    for row in 0..<rows {
      text += "\(row)" + values[row * width..<(row + 1) * width].map { ",\($0)" }.joined() + "\n"
    }
    return text
  }
}
