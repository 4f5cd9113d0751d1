import Foundation
import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// What every layer must satisfy, with the settings in which it comes.
struct LayerContract: Sendable, CustomTestStringConvertible {
  /// Name of the layer's file.
  let layer: String
  let setting: String
  let input: Shape
  let output: Shape
  /// Names and roles of parameters, in order.
  let parameters: [(name: String, role: Parameter.Role)]
  let mode: ForwardPass.Mode
  /// Makes the layer and its function.
  let make: @Sendable () -> (module: any Module, run: (Tensor, ForwardPass) -> Tensor)

  var testDescription: String { "\(layer), \(setting)" }

  init<M: Module & SendableMetatype>(
    _ layer: String, _ setting: String, _ input: Shape, _ output: Shape,
    _ parameters: [(String, Parameter.Role)], _ mode: ForwardPass.Mode = .training, _ make: @escaping @Sendable () -> M,
    _ run: @escaping @Sendable (M, Tensor, ForwardPass) -> Tensor
  ) {
    self.layer = layer
    self.setting = setting
    self.input = input
    self.output = output
    self.parameters = parameters.map { (name: $0.0, role: $0.1) }
    self.mode = mode
    self.make = {
      let module = make()
      return (module, { run(module, $0, $1) })
    }
  }

  static let all: [LayerContract] = convolutions + linears + normalizations + normalizationsOfEachImage + units

  private static let convolutions = [
    LayerContract("Convolution2D", "without bias", [2, 7, 6, 3], [2, 4, 3, 5], [("weight", .weight)]) {
      Convolution2D(3, 5, kernel: 3, stride: 2, padding: 1, Initialiser(seed: 1))
    } _: { layer, x, _ in
      layer(x)
    },
    LayerContract(
      "Convolution2D", "with bias, before and after its ReLU", [2, 5, 5, 3], [2, 5, 5, 4],
      [("weight", .weight), ("bias", .bias)]
    ) {
      Convolution2D(3, 4, kernel: 3, padding: 1, bias: true, Initialiser(seed: 2))
    } _: { layer, x, pass in
      layer.activated(x, pass, as: ["a"])
    },
    LayerContract(
      "Convolution2D", "with bias, evaluated", [2, 5, 5, 3], [2, 5, 5, 4], [("weight", .weight), ("bias", .bias)],
      .evaluation
    ) {
      Convolution2D(3, 4, kernel: 3, padding: 1, bias: true, Initialiser(seed: 3))
    } _: { layer, x, pass in
      layer.activated(x, pass, as: ["a"])
    },
  ]

  private static let linears = [
    LayerContract("Linear", "with bias", [4, 9], [4, 5], [("weight", .weight), ("bias", .bias)]) {
      Linear(9, 5, Initialiser(seed: 4))
    } _: { layer, x, _ in
      layer(x)
    },
    LayerContract("Linear", "without bias", [4, 9], [4, 5], [("weight", .weight)]) {
      Linear(9, 5, bias: false, Initialiser(seed: 5))
    } _: { layer, x, _ in
      layer(x)
    },
  ]

  private static let statistics: [(String, Parameter.Role)] = [
    ("weight", .normalizationScale), ("bias", .normalizationShift), ("running_mean", .runningStatistic),
    ("running_var", .runningStatistic),
  ]

  private static let normalizations = [(ForwardPass.Mode.training, false), (.training, true), (.evaluation, false)].map
  {
    mode, relu in
    LayerContract(
      "BatchNormalization2D", "\(mode)\(relu ? " with ReLU" : "")", [4, 4, 3, 5], [4, 4, 3, 5], statistics, mode
    ) {
      let layer = BatchNormalization2D(5)
      layer.scale.assign(.normal([5], Philox(seed: 6)) * 0.3 + 1)
      layer.shift.assign(.normal([5], Philox(seed: 7)))
      layer.mean.assign(.normal([5], Philox(seed: 8)) * 0.2)
      return layer
    } _: { layer, x, pass in
      layer(x, pass, relu: relu)
    }
  }

  /// A unit has no names of its own: the network gives them.
  private final class NamedUnit: Module {
    let unit: NormalizedConvolution
    init(_ unit: NormalizedConvolution) { self.unit = unit }
    func visit(_ visitor: ParameterVisitor) { unit.visit(visitor, convolution: "c", normalization: "n") }
  }

  private static let units = [
    (ForwardPass.Mode.training, true, false), (.training, true, true), (.training, false, true),
    (.evaluation, true, true), (.evaluation, false, false),
  ].map { mode, relu, residual in
    LayerContract(
      "NormalizedConvolution", "\(mode)\(relu ? ", ReLU" : "")\(residual ? ", residual" : "")", [4, 5, 4, 6],
      [4, 5, 4, 6], [("c.weight", .weight)] + statistics.map { ("n.\($0.0)", $0.1) }, mode
    ) {
      NamedUnit(NormalizedConvolution(6, 6, Initialiser(seed: 9)))
    } _: { layer, x, pass in
      layer.unit(x, pass, relu: relu, residual: residual ? x : nil)
    }
  }
}

@Suite("Every layer")
struct LayerContractTests {
  @Test("is in the list of contracts")
  func complete() throws {
    let folder = Golden.folder.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/NeuralNetworks/Layers")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(files.map { ($0 as NSString).deletingPathExtension }) == Set(LayerContract.all.map(\.layer)))
  }

  private func input(_ contract: LayerContract) -> Tensor {
    let input = Tensor.normal(contract.input, Philox(seed: 21))
    input.setRequiresGradient(true)
    return input
  }

  @Test("has gradients that agree with finite differences", arguments: LayerContract.all)
  func gradient(_ contract: LayerContract) {
    let (module, run) = contract.make()
    let x = input(contract)
    let sources =
      [(name: "input", tensor: x)]
      + module.namedParameters.filter(\.parameter.role.isTrainable).map { (name: $0.name, tensor: $0.parameter.tensor) }
    expectDirectionalDerivatives(of: sources) { run(x, ForwardPass(contract.mode, updatesStatistics: false)) }
  }

  @Test("names its parameters and gives the shape it should", arguments: LayerContract.all)
  func names(_ contract: LayerContract) {
    let (module, run) = contract.make()
    #expect(module.namedParameters.map(\.name) == contract.parameters.map(\.name))
    #expect(module.namedParameters.map(\.parameter.role) == contract.parameters.map(\.role))
    for (_, parameter) in module.namedParameters {
      #expect(parameter.tensor.requiresGradient == parameter.role.isTrainable)
    }
    #expect(
      module.parameterCount
        == module.namedParameters.filter(\.parameter.role.isTrainable).reduce(0) { $0 + $1.parameter.tensor.count })
    #expect(run(input(contract), ForwardPass(contract.mode)).shape == contract.output)
  }

  @Test("gives the same bits again, in both modes off the tape and on it", arguments: LayerContract.all)
  func repeatable(_ contract: LayerContract) {
    let (_, run) = contract.make()
    let x = input(contract)
    func values() -> [Float] { run(x, ForwardPass(contract.mode, updatesStatistics: false)).floats }
    let first = values()
    expectSame(values(), first)
    guard contract.mode == .training else { return }
    expectSame(withoutRecording { values() }, first)
  }

  @Test("frozen, passes gradients to its input alone, and none where nothing is recorded", arguments: LayerContract.all)
  func frozen(_ contract: LayerContract) {
    let (module, run) = contract.make()
    let x = input(contract)
    func pass() -> ForwardPass { ForwardPass(contract.mode, updatesStatistics: false) }
    let output = run(x, pass())
    let upstream = Tensor.normal(output.shape, Philox(seed: 22))
    let trainable = module.trainableParameters.map(\.tensor)
    let before = gradients(of: output, with: [x], upstream: upstream)[0]
    #expect(!withoutRecording { run(x, pass()) }.requiresGradient)
    module.freeze()
    let frozen = run(x, pass())
    // Folded into one convolution, or in another order: as near as two ways of one sum.
    expectClose(
      frozen, output.floats.map(Double.init), shape: output.shape.dimensions,
      Tolerance(relative: 1e-5, ofLargest: 2e-6), "frozen output")
    let found = gradients(of: frozen, with: [x] + trainable, upstream: upstream)
    expectClose(
      found[0], before.floats.map(Double.init), shape: before.shape.dimensions,
      Tolerance(relative: 1e-5, ofLargest: 2e-6), "gradient of the input")
    for gradient in found.dropFirst() { #expect(gradient.floats.allSatisfy { $0 == 0 }) }
    #expect(!run(x.detached(), pass()).requiresGradient)
    module.thaw()
    #expect(run(x.detached(), pass()).requiresGradient)
  }

  @Test("is trained where only one of its parameters is", arguments: LayerContract.all)
  func partlyFrozen(_ contract: LayerContract) {
    let (module, run) = contract.make()
    let x = input(contract).detached()
    func gradient(of tensor: Tensor) -> [Float] {
      let output = run(x, ForwardPass(contract.mode, updatesStatistics: false))
      return gradients(of: output, with: [tensor], upstream: .normal(output.shape, Philox(seed: 23)))[0].floats
    }
    for parameter in module.trainableParameters {
      module.thaw()
      let whole = gradient(of: parameter.tensor)
      module.freeze()
      parameter.tensor.setRequiresGradient(true)
      expectSame(gradient(of: parameter.tensor), whole, "gradient")
    }
  }

  @Test("takes a batch of one", arguments: LayerContract.all)
  func one(_ contract: LayerContract) {
    let (_, run) = contract.make()
    let shape = Shape([1] + contract.input.dimensions.dropFirst())
    let x = Tensor.normal(shape, Philox(seed: 24))
    #expect(run(x, ForwardPass(contract.mode)).isFinite)
  }
}
