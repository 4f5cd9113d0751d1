import NeuralNetworks

/// Where a probe point divides a network: the layers that its feature depends on, and those behind it.
extension Network {
  /// Names of the layers with weights or statistics up to and including a probe point's, in forward order.
  ///
  /// - Parameter point: name of a probe point.
  /// - Returns: as ``layers`` names them; the normalisation of the point's own layer included.
  public func layerNames(upTo point: String) -> [String] {
    func index(_ name: String) -> Int? { layers.lastIndex { $0.name == name || $0.name.hasPrefix(name + ".") } }
    var last = index(point)
    if last == nil, let place = probePoints.firstIndex(where: { $0.name == point }), place > 0 {
      // A second name of a point stands behind the first and has the same output.
      let first = probePoints[place - 1]
      if first.output == probePoints[place].output { last = index(first.name) }
    }
    // Pooling has no weights of its own: all maps lie before it.
    var end = last ?? layers.lastIndex { $0.output.rank == 3 } ?? layers.count - 1
    while end + 1 < layers.count, layers[end + 1].isNormalization { end += 1 }
    return layers[...end].map(\.name)
  }

  /// Names of the convolution and linear weights up to and including a probe point, in forward order.
  public func weightNames(upTo point: String) -> [String] {
    let before = Set(layerNames(upTo: point))
    return weightNames.filter { before.contains(String($0.dropLast(".weight".count))) }
  }

  /// Names of all convolution and linear weights, in forward order; no biases, no normalisation.
  public var weightNames: [String] { layers.filter { !$0.isNormalization }.map { $0.name + ".weight" } }

  /// All parameters and statistics, divided at a probe point.
  ///
  /// - Parameter point: name of a probe point.
  /// - Returns: those that the point's feature depends on, and the others; each in checkpoint order.
  public func parameters(dividedAt point: String) -> (before: [Parameter], after: [Parameter]) {
    let names = layerNames(upTo: point)
    var parts: (before: [Parameter], after: [Parameter]) = ([], [])
    for (name, parameter) in namedParameters {
      if names.contains(where: { name.hasPrefix($0 + ".") }) {
        parts.before.append(parameter)
      } else {
        parts.after.append(parameter)
      }
    }
    return parts
  }
}

extension LayerDescription {
  /// Whether it is a normalisation, which has no weights in the sense of weight distances.
  var isNormalization: Bool { kind.hasPrefix("batch") }
}
