import Models
import NeuralNetworks
import Support

/// Lower layers that two networks have in common, layer by layer of the same name, kind and size.
struct SharedLayers {
  /// Weights of the first network with those of the second.
  let weights: [(first: Parameter, second: Parameter)]
  /// Statistics likewise.
  let statistics: [(first: Parameter, second: Parameter)]

  /// None.
  static var none: SharedLayers { SharedLayers(weights: [], statistics: []) }

  private init(weights: [(first: Parameter, second: Parameter)], statistics: [(first: Parameter, second: Parameter)]) {
    (self.weights, self.statistics) = (weights, statistics)
  }

  /// - Parameters:
  ///   - first: the network whose weights both will have.
  ///   - second: the other network.
  ///   - point: the last layer that is shared, a probe point of both.
  init(_ first: any Network, _ second: any Network, upTo point: String) {
    let names = first.layerNames(upTo: point)
    func lower(_ network: any Network) -> [Parameter] {
      network.namedParameters.filter { entry in names.contains { entry.name.hasPrefix("\($0).") } }.map(\.parameter)
    }
    let pairs = zip(lower(first), lower(second)).map { (first: $0, second: $1) }
    self.init(
      weights: pairs.filter(\.first.role.isTrainable), statistics: pairs.filter { !$0.first.role.isTrainable })
  }

  /// Whether two networks are alike up to a layer.
  static func areAlike(_ first: any Network, _ second: any Network, upTo point: String) -> Bool {
    guard let a = first.probePoints.first(where: { $0.name == point }),
      let b = second.probePoints.first(where: { $0.name == point })
    else { return false }
    return a.output == b.output && first.layers.prefix(a.layerCount) == second.layers.prefix(b.layerCount)
  }

  /// The deepest layer of the first stage up to which two networks are alike; nil where not even the first layer is.
  static func deepest(_ first: any Network, _ second: any Network) -> String? {
    let end = first.probePoints.firstIndex { $0.name == first.stages.first?.name } ?? 0
    return first.probePoints.prefix(end + 1).last { areAlike(first, second, upTo: $0.name) }?.name
  }

  /// Makes the second network's weights the first one's.
  func join() { for (first, second) in weights { second.share(first) } }

  /// Gives the second network the statistics that the first one has gathered, so that each batch counts once.
  func copyStatistics() { for (first, second) in statistics { second.assign(first.tensor) } }
}
