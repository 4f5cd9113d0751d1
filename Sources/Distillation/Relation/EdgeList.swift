import Support
import Tensors

/// Directed edges between the nodes of a graph.
struct EdgeList {
  /// Where each edge begins.
  let sources: [Int]
  /// Where each edge ends.
  let targets: [Int]
  /// Number of nodes.
  let nodes: Int

  /// - Parameters:
  ///   - integers: [edges, 2], source and target of each.
  ///   - nodes: number of nodes.
  ///   - place: where they come from, for error lines.
  /// - Throws: ``InputError`` for another shape or an end that is no node.
  init(_ integers: LossInputs.Integers, nodes: Int, at place: String) throws {
    guard integers.shape.count == 2, integers.shape[1] == 2 else {
      throw InputError(place, "'edges' is \(integers.shape)", remedy: "[edges, 2] is needed: source and target of each")
    }
    if let wrong = integers.values.first(where: { !(0..<nodes).contains($0) }) {
      throw InputError(place, "'edges' holds \(wrong)", remedy: "nodes are 0 to \(nodes - 1)")
    }
    sources = stride(from: 0, to: integers.values.count, by: 2).map { integers.values[$0] }
    targets = stride(from: 1, to: integers.values.count, by: 2).map { integers.values[$0] }
    self.nodes = nodes
  }

  /// The edges to every node from its nearest, by Euclidean distance; the first of equally near ones wins.
  ///
  /// - Parameters:
  ///   - count: edges to each node; all others where there are fewer.
  ///   - points: [nodes, features].
  init(nearest count: Int, of points: Tensor) {
    nodes = points.shape[0]
    let count = min(count, nodes - 1)
    guard count > 0 else {
      (sources, targets) = ([], [])
      return
    }
    let table = withoutRecording {
      chosen(where: offDiagonal(points.shape[0]), squaredDistances(among: points), Tensor(.infinity))
    }
    sources = table.top(count, alongAxis: 1, smallest: true).indices.values
    targets = (0..<nodes).flatMap { Array(repeating: $0, count: count) }
  }

  /// The logarithms of the softmax of a value of each edge among all edges to the same node: [edges].
  func logSoftmax(_ values: Tensor) -> Tensor {
    var largest = Array(repeating: -Float.infinity, count: nodes)
    values.withFloats { values in
      for (edge, target) in targets.enumerated() { largest[target] = max(largest[target], values[edge]) }
    }
    let shifted = values - Tensor(targets.map { largest[$0] }, shape: [targets.count])
    // A node without edges has no sum, and nobody asks for its logarithm: 1 keeps that finite.
    let empty = Tensor(largest.map { $0 == -.infinity ? 1 : 0 }, shape: [nodes])
    let sums = shifted.exp().added(at: targets, alongAxis: 0, extent: nodes) + empty
    return shifted - sums.log().taken(targets, alongAxis: 0)
  }
}
