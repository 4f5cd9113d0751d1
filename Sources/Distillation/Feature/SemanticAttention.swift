import NeuralNetworks
import Support
import Tensors

/// Which teacher layer each student layer learns from, per image: the attention of SemCKD (Chen et al., AAAI 2021, eq. 6
/// and 7).
///
/// A layer's Gram matrix of the batch [B, B] has one row per image; two linear layers make a vector of length 1 of it, d
/// = B/4 wide. So the batch's size is part of the architecture.
final class SemanticAttention: Module {
  private let queries: [[Linear]]
  private let keys: [[Linear]]

  /// - Parameters:
  ///   - layers: how many the student and the teacher have.
  ///   - batch: images of a whole step, at least 4.
  ///   - initialiser: gives the weights.
  init(_ layers: (student: Int, teacher: Int), batch: Int, _ initialiser: Initialiser) {
    let width = batch / 4
    func maps(_ count: Int) -> [[Linear]] {
      (0..<count).map { _ in [Linear(batch, 2 * width, initialiser), Linear(2 * width, width, initialiser)] }
    }
    queries = maps(layers.student)
    keys = maps(layers.teacher)
  }

  /// How much each student layer learns from each teacher layer.
  ///
  /// - Parameters:
  ///   - student: maps on the tape.
  ///   - teacher: maps, constants.
  ///   - softness: what the products are divided by.
  /// - Returns: [batch, student layers, teacher layers]; each row sums to 1.
  func callAsFunction(_ student: [Tensor], _ teacher: [Tensor], softness: Float) -> Tensor {
    func embedded(_ maps: [Tensor], _ layers: [[Linear]]) -> Tensor {
      stacked(
        zip(maps, layers).map { map, layer in
          let flat = map.flattened
          let rows = matrixProduct(flat, flat, transposesSecond: true)
          return layer[1](layer[0](rows).relu()).normalized(alongAxis: 1)
        }, alongAxis: 1)
    }
    let products = batchedMatrixProduct(
      embedded(student, queries), embedded(teacher, keys), transposesSecond: true)
    return (products / softness).softmax(alongAxis: 2)
  }

  /// `query.I.0`, `query.I.1`, `key.J.0`, `key.J.1`.
  func visit(_ visitor: ParameterVisitor) {
    for (name, all) in [("query", queries), ("key", keys)] {
      for (layer, maps) in all.enumerated() {
        for (place, map) in maps.enumerated() { visitor.visit("\(name).\(layer).\(place)", map) }
      }
    }
  }
}
