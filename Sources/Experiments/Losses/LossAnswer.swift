import Checkpoints
import Distillation
import Foundation
import Support
import Tensors

/// One distillation loss and its gradients on tensors from a file: what `kdscope loss` answers.
public struct LossAnswer {
  /// Identifier of the method.
  public let method: String
  /// The loss.
  public let loss: Double
  /// Its summands with their weights.
  public let terms: [(name: String, value: Double)]
  /// Gradient of the loss to every student tensor and parameter, in PyTorch's axis order.
  public let gradients: Safetensors

  /// - Parameters:
  ///   - method: identifier.
  ///   - file: the tensors, in PyTorch's axis order.
  ///   - path: of the file, for error lines.
  ///   - assignments: options as `key=value`.
  /// - Throws: ``InputError`` for a method, an option or a tensor that does not fit, a value that is not a number, and
  ///   infinite ones for which the loss has no value; ``WorkError`` where single precision has none.
  public init(_ method: String, _ file: Safetensors, path: String, assignments: [String] = []) throws {
    let loss = try MethodRegistry.loss(method, at: "loss")
    let options = try LossAnswer.options(assignments, for: loss.entry)
    let stored = file.tensors
    try LossInputs.check(stored.map { (name: $0.name, shape: $0.shape) }, against: loss.inputs, at: path)
    var tensors: [String: Tensor] = [:]
    var integers: [String: LossInputs.Integers] = [:]
    for tensor in stored {
      if LossInputs.kind(of: tensor.name, in: loss.inputs) == .integers {
        integers[tensor.name] = .init(shape: tensor.shape, values: try tensor.integers().map(Int.init))
      } else {
        tensors[tensor.name] = try LossAnswer.engineTensor(tensor, at: path)
      }
    }
    let sources = stored.map(\.name).filter { LossAnswer.isDifferentiated($0) && tensors[$0] != nil }
    for name in sources { tensors[name]?.setRequiresGradient(true) }
    let inputs = LossInputs(tensors, integers: integers, place: path)
    let found = try loss.terms(inputs, options)
    try inputs.requireAllRead(loss.inputs)
    let total = found.total
    let slopes = Tensors.gradients(of: total, with: sources.compactMap { tensors[$0] })
    if total.item.isNaN || slopes.contains(where: { $0.floats.contains(where: \.isNaN) }) {
      throw LossAnswer.noValue(method, stored, path)
    }
    self.method = method
    self.loss = Double(total.item)
    terms = found.map { (name: $0.name, value: Double($0.value.item) * Double($0.weight)) }
    gradients = Safetensors(
      metadata: ["kdscope.method": method],
      tensors: zip(sources, slopes).map { name, slope in LossAnswer.storedTensor(name, slope) })
  }

  /// Whether a gradient is asked for: of student tensors and parameters, not of what is only a target.
  static func isDifferentiated(_ name: String) -> Bool { name.hasPrefix("student.") || name.hasPrefix("parameters.") }

  /// Whether a tensor of rank 4 is a feature map rather than a convolution's weights.
  private static func isMap(_ name: String, rank: Int) -> Bool { rank == 4 && !name.hasPrefix("parameters.") }

  /// Why a loss came to something that is not a number.
  private static func noValue(_ method: String, _ inputs: [StoredTensor], _ path: String) -> any Error {
    for tensor in inputs {
      guard let values = try? tensor.floats(), let place = values.firstIndex(where: \.isInfinite) else { continue }
      return InputError(
        path, "\(method) has no value: '\(tensor.name)' is \(values[place]) at \(index(place, in: tensor.shape))",
        remedy: "mask a class by −1e9, or give finite numbers")
    }
    return WorkError("\(path): \(method) or its gradient leaves the range of single precision; scale the tensors down")
  }

  /// Where a value of a row-major tensor lies: `[2, 3]`.
  private static func index(_ place: Int, in shape: [Int]) -> [Int] {
    var rest = place
    let reversed = shape.reversed().map { extent -> Int in
      defer { rest /= extent }
      return rest % extent
    }
    return reversed.reversed()
  }

  private static func engineTensor(_ stored: StoredTensor, at path: String) throws -> Tensor {
    let values = try stored.floats()
    if let place = values.firstIndex(where: \.isNaN) {
      throw InputError(
        path, "'\(stored.name)' is not a number at \(index(place, in: stored.shape))",
        remedy: "a loss is a function of numbers"
          + (stored.name.hasSuffix("logits") ? "; a class is masked by −1e9 or −inf" : ""))
    }
    let tensor = Tensor(values, shape: Shape(stored.shape))
    return isMap(stored.name, rank: stored.shape.count) ? tensor.permuted([0, 2, 3, 1]) : tensor
  }

  private static func storedTensor(_ name: String, _ tensor: Tensor) -> StoredTensor {
    let plain = isMap(name, rank: tensor.shape.rank) ? tensor.permuted([0, 3, 1, 2]) : tensor
    return StoredTensor(name: name, shape: plain.shape.dimensions, floats: plain.floats)
  }

  /// Options as the command line gives them, checked like a recipe's.
  private static func options(_ assignments: [String], for entry: CatalogEntry) throws -> Options {
    let root = SourceNode(content: .map([]), place: "--set")
    let node = try assignments.reduce(root) { node, text in try Override(text).applied(to: node) }
    return try Section(node, path: entry.name, at: "--set").options(for: entry)
  }
}

extension LossAnswer {
  /// All methods that can be asked for.
  public static var methods: [String] { MethodRegistry.losses.map { $0.entry.name } }

  /// The tensors that a method's loss reads, one line each, with their axes.
  ///
  /// - Parameter method: one of ``methods``.
  /// - Returns: such as `student.features.* [B, C*, H*, W*]`.
  /// - Throws: ``InputError`` for another name.
  public static func inputs(of method: String) throws -> [String] {
    try MethodRegistry.loss(method, at: "loss").inputs.map(\.summary)
  }

  /// For programs.
  public var document: DocumentNode {
    .map([
      "method": .text(method), "loss": .number(loss),
      "terms": .map(terms.map { .init(key: $0.name, value: .number($0.value)) }),
    ])
  }

  /// For people: the loss, and its summands where there are several.
  public var text: String {
    let parts = terms.count > 1 ? terms.map { "  \($0.name) \($0.value)\n" }.joined() : ""
    return "\(method) \(loss)\n" + parts
  }
}
