import NeuralNetworks

/// Where a probe point divides a network: the layers that its feature depends on, and those behind it.
extension Network {
  /// Names of the layers with weights or statistics up to and including a probe point's, in forward order.
  ///
  /// - Parameter point: any name of a probe point.
  /// - Returns: as ``layers`` names them; the normalisation of the point's own layer included. None for a name that is no
  ///   probe point.
  public func layerNames(upTo point: String) -> [String] {
    layers.prefix(probePoints.first { $0.name == point }?.layerCount ?? 0).map(\.name)
  }

  /// Names of the convolution and linear weights up to and including a probe point, in forward order.
  ///
  /// - Parameter point: any name of a probe point.
  /// - Returns: a weight that several layers share comes once. None for a name that is no probe point.
  public func weightNames(upTo point: String) -> [String] {
    let before = Set(layerNames(upTo: point))
    return weightNames.filter { before.contains(String($0.dropLast(".weight".count))) }
  }

  /// Names of all convolution and linear weights, in forward order, each once; no biases, no normalisation.
  public var weightNames: [String] {
    var seen: Set<String> = []
    return layers.filter { $0.isWeighted && seen.insert($0.name).inserted }.map { $0.name + ".weight" }
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
