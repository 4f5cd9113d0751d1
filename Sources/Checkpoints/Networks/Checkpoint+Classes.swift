import Models
import NeuralNetworks
import Support
import Tensors

/// How the outputs of a network belong to the classes of a data set.
public enum ClassMatch: Sendable, Equatable {
  /// The names are the same, in the same order.
  case same
  /// The names are the same in another order: the outputs were put into that of the data.
  case reordered
  /// The file, or the data, gives no names but numbers: output k is taken for class k.
  case unnamed
}

extension Checkpoint {
  /// Makes output k of the network that of the k-th class of a data set, by the names that the file gives its classes:
  /// rows of the last layer change places.
  ///
  /// - Parameters:
  ///   - classes: the data's names, as many as the network has outputs.
  ///   - data: what errors call the data set.
  ///   - path: the checkpoint's path, for errors.
  /// - Returns: how the names belong together; those of arrays without names are their numbers.
  /// - Throws: ``InputError`` that gives both sets of names if they differ.
  public func matchClasses(_ classes: [String], of data: String, path: String) throws -> ClassMatch {
    let own = facts?.classes ?? []
    if own == classes { return .same }
    let outputs = network.specification.classes
    guard own.isEmpty || own.count == outputs else {
      throw InputError(
        path, "the file names \(own.count) classes of a network with \(outputs)", remedy: "write the checkpoint again")
    }
    guard outputs == classes.count else {
      throw InputError(
        path, "the network has \(outputs) classes\(own.isEmpty ? "" : ":")\(Self.listed(own))",
        remedy: "\(data) has \(classes.count):\(Self.listed(classes))")
    }
    let places = Dictionary(own.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    let order = classes.compactMap { places[$0] }
    if Set(order).count == outputs {
      try reorderOutputs(order, path: path)
      return .reordered
    }
    if Self.areNumbers(own) || Self.areNumbers(classes) { return .unnamed }
    throw InputError(
      path, "the network's classes are\(Self.listed(own))", remedy: "those of \(data) are\(Self.listed(classes))")
  }

  /// Row k of the last layer becomes what row `order[k]` was.
  private func reorderOutputs(_ order: [Int], path: String) throws {
    let name = network.layers.last?.name ?? ""
    let last = network.namedParameters.filter { $0.name.hasPrefix("\(name).") }.map(\.parameter)
    guard !last.isEmpty, last.allSatisfy({ $0.tensor.shape[0] == order.count }) else {
      throw InputError(
        path, "the classes stand in another order, and the outputs are not rows of its last layer '\(name)'",
        remedy: "give the data's classes in the file's order\(Self.listed(facts?.classes ?? []))")
    }
    for parameter in last { parameter.assign(withoutRecording { parameter.tensor.rows(order) }) }
  }

  /// Whether the names say no more than the places do.
  static func areNumbers(_ names: [String]) -> Bool { names == (0..<names.count).map(String.init) }

  /// " cat, dog, owl"; the first of very many.
  private static func listed(_ names: [String]) -> String {
    names.isEmpty ? "" : " " + names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }
}
