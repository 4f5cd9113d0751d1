import Tensors

/// A part of a network: it lists its parameters, in order, under the names that checkpoints use.
public protocol Module: AnyObject {
  /// Visits every parameter and child once, in checkpoint order.
  func visit(_ visitor: ParameterVisitor)
}

/// Walks a network's parameters and builds their full names (`layer1.0.conv1.weight`).
public final class ParameterVisitor {
  private var path: [String] = []
  private let found: (String, Parameter) -> Void

  /// - Parameter found: is called with each full name and parameter.
  public init(_ found: @escaping (String, Parameter) -> Void) { self.found = found }

  /// A parameter of the module that is being visited.
  public func visit(_ name: String, _ parameter: Parameter) { found((path + [name]).joined(separator: "."), parameter) }

  /// A child; its names are put below `name`.
  public func visit(_ name: String, _ child: any Module) {
    path.append(name)
    child.visit(self)
    path.removeLast()
  }
}

extension Module {
  /// All parameters with their full names, in checkpoint order; one that layers share has the first of its names.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    var list: [(name: String, parameter: Parameter)] = []
    var seen: Set<ObjectIdentifier> = []
    visit(
      ParameterVisitor { name, parameter in
        if seen.insert(ObjectIdentifier(parameter)).inserted { list.append((name: name, parameter: parameter)) }
      })
    return list
  }

  /// The parameters that gradient steps change.
  public var trainableParameters: [Parameter] { namedParameters.map(\.parameter).filter(\.role.isTrainable) }

  /// Number of trainable values; running statistics do not count.
  public var parameterCount: Int { trainableParameters.reduce(0) { $0 + $1.tensor.count } }

  /// Takes the network off the tape: nothing is recorded for it, gradients flow through it to its input only.
  public func freeze() { for parameter in trainableParameters { parameter.tensor.setRequiresGradient(false) } }

  /// Makes the network trainable again.
  public func thaw() { for parameter in trainableParameters { parameter.tensor.setRequiresGradient(true) } }
}
