import Support
import Tensors

/// A loss that is a function of named tensors, so that anybody can hold it against the paper's code: `kdscope loss`.
///
/// Training and the command call the same formula; what is verified is what trains.
public protocol TensorLoss {
  /// Identifier, paper, formula and options.
  static var entry: CatalogEntry { get }
  /// The tensors that it reads.
  static var inputs: [LossInput] { get }

  /// The summands of the loss with their weights; they add up to the loss, which has no outer weight, no warm-up and no
  /// label term unless the method is defined with it.
  ///
  /// - Parameters:
  ///   - inputs: checked against ``inputs``.
  ///   - options: checked against the entry.
  /// - Returns: at least one summand.
  /// - Throws: ``InputError`` for extents or values that the loss cannot work with.
  static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm]
}

extension TensorLoss {
  /// The one summand of a loss without parts, under the method's name.
  static func single(_ value: Tensor) -> [LossTerm] { [LossTerm(entry.name, value, weight: 1)] }
}

extension Sequence<LossTerm> {
  /// The sum of all terms with their weights; zero where there is none.
  public var total: Tensor {
    reduce(nil as Tensor?) { sum, term in
      let value = term.weight == 1 ? term.value : term.value * term.weight
      return sum.map { $0 + value } ?? value
    } ?? .zeros(.scalar)
  }
}

extension MethodRegistry {
  /// The losses that `kdscope loss` can be asked for.
  public static var losses: [any TensorLoss.Type] {
    methods.compactMap { $0 as? any TensorLoss.Type }
  }

  /// The loss of a name.
  ///
  /// - Throws: ``InputError`` for a name that is no loss of tensors.
  public static func loss(_ name: String, at place: String) throws -> any TensorLoss.Type {
    guard let loss = losses.first(where: { $0.entry.name == name }) else {
      throw InputError(
        place, "there is no loss of tensors '\(name)'", remedy: nearest(name, in: losses.map { $0.entry.name }))
    }
    return loss
  }
}
