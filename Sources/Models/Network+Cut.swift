import NeuralNetworks

/// Where a probe point divides a network: the layers that its feature depends on, and those behind it.
extension Network {
  /// Names of the layers with weights or statistics up to and including a probe point's, in forward order.
  ///
  /// - Parameter point: name of a probe point.
  /// - Returns: as ``layers`` names them; empty for a name that is no probe point.
  public func layerNames(upTo point: String) -> [String] {
    layers.prefix(probePoints.first { $0.name == point }?.layerCount ?? 0).map(\.name)
  }

  /// Names of all convolution and linear weights, in forward order, each once; no biases, no normalisation.
  public var weightNames: [String] {
    layers.filter(\.isWeighted).map { $0.name + ".weight" }.reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

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
