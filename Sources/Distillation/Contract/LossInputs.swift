import Support
import Tensors

/// The tensors that a loss is a function of, under the names of the contract of `kdscope loss`.
public struct LossInputs {
  /// Whole numbers with their extents, row-major.
  public struct Integers: Sendable {
    /// Extents.
    public let shape: [Int]
    /// The numbers.
    public let values: [Int]

    /// - Parameters:
    ///   - shape: extents.
    ///   - values: row-major.
    public init(shape: [Int], values: [Int]) {
      self.shape = shape
      self.values = values
    }
  }

  /// Where the tensors come from, for error lines.
  public let place: String
  private let tensors: [String: Tensor]
  private let integers: [String: Integers]
  private let asked = Asked()

  /// The names that a loss has asked for.
  private final class Asked {
    var names: Set<String> = []
  }

  /// - Parameters:
  ///   - tensors: feature maps channels-last, everything else as in PyTorch.
  ///   - integers: labels and indices.
  ///   - place: where they come from, for error lines.
  public init(_ tensors: [String: Tensor], integers: [String: Integers] = [:], place: String) {
    self.tensors = tensors
    self.integers = integers
    self.place = place
  }

  /// Names of all tensors, sorted.
  public var names: [String] { (Array(tensors.keys) + Array(integers.keys)).sorted() }

  /// Whether a tensor is there.
  public func has(_ name: String) -> Bool {
    asked.names.insert(name)
    return tensors[name] != nil || integers[name] != nil
  }

  /// The tensor of a name, if it is there.
  public func optional(_ name: String) -> Tensor? {
    asked.names.insert(name)
    return tensors[name]
  }

  /// The tensor of a name.
  ///
  /// - Throws: ``InputError`` if it is not there.
  public func tensor(_ name: String) throws -> Tensor {
    guard let tensor = optional(name) else { throw missing(name) }
    return tensor
  }

  /// All tensors `PREFIX.0`, `PREFIX.1`, …; at least one, and none between them missing.
  ///
  /// - Parameters:
  ///   - prefix: the name before the number.
  ///   - suffix: the name behind it, such as `.logits`.
  /// - Returns: in the order of the numbers.
  /// - Throws: ``InputError`` if there is none, or one with a smaller number than another is missing.
  public func series(_ prefix: String, _ suffix: String = "") throws -> [Tensor] {
    let family = LossInput("\(prefix).*\(suffix)", "")
    let count = tensors.keys.count { family.numbers(in: $0) != nil }
    return try (0..<max(1, count)).map { try tensor("\(prefix).\($0)\(suffix)") }
  }

  /// Two series of equal length.
  ///
  /// - Throws: ``InputError`` if one is longer or empty.
  public func pairs(_ first: String = "student.features", _ second: String = "teacher.features") throws
    -> [(student: Tensor, teacher: Tensor)]
  {
    let (a, b) = (try series(first), try series(second))
    guard a.count == b.count else {
      throw InputError(
        place, "there are \(a.count) tensors \(first).* and \(b.count) tensors \(second).*",
        remedy: "as many of both are needed")
    }
    return zip(a, b).map { (student: $0, teacher: $1) }
  }

  /// Whole numbers of a name.
  ///
  /// - Throws: ``InputError`` if they are not there.
  public func integers(_ name: String) throws -> Integers {
    guard has(name), let found = integers[name] else { throw missing(name) }
    return found
  }

  /// The labels, each of them a class.
  ///
  /// - Parameter classes: number of classes.
  /// - Returns: from 0 to `classes` − 1.
  /// - Throws: ``InputError`` if they are not there or one is no class.
  public func labels(_ classes: Int) throws -> [Int] {
    let found = try integers("labels").values
    if let wrong = found.first(where: { !(0..<classes).contains($0) }) {
      throw InputError(place, "labels holds \(wrong)", remedy: "classes are 0 to \(classes - 1)")
    }
    return found
  }

  private func missing(_ name: String) -> InputError {
    InputError(place, "there is no tensor '\(name)'", remedy: "there are: " + names.joined(separator: ", "))
  }

  /// Refuses what a loss was given and did not look at: a parameter, or one of a family of which it read others.
  ///
  /// - Parameter inputs: what the loss reads.
  /// - Throws: ``InputError`` that names the first such tensor.
  public func requireAllRead(_ inputs: [LossInput]) throws {
    for name in names where !asked.names.contains(name) {
      guard let (input, numbers) = LossInputs.match(name, inputs) else { continue }
      let isOfFamily = !numbers.isEmpty && asked.names.contains { input.numbers(in: $0) != nil }
      let isParameter = name.hasPrefix("parameters.")
      guard isParameter || isOfFamily else { continue }
      // A parameter of one layer may be there without that of another.
      if !isParameter, let gap = firstGap(before: name, input, numbers) { throw missing(gap) }
      throw InputError(
        place, "'\(name)' is not read beside the other tensors and options",
        remedy: "leave it out, or give what goes with it")
    }
  }

  /// The tensor of a family that is missing before one that is there; nil if none is.
  private func firstGap(before name: String, _ input: LossInput, _ numbers: [String]) -> String? {
    guard numbers.count == 1, let end = Int(numbers[0]) else { return nil }
    return (0..<end).map { input.name.replacing("*", with: "\($0)") }.first {
      tensors[$0] == nil && integers[$0] == nil
    }
  }

  /// Checks names and extents against what a loss reads.
  ///
  /// - Parameters:
  ///   - shapes: extents of every tensor of the file in PyTorch's order.
  ///   - inputs: what the loss reads.
  ///   - place: the file, for error lines.
  /// - Throws: ``InputError`` for a tensor that the loss does not know, one that is missing, or extents that do not agree.
  public static func check(_ shapes: [(name: String, shape: [Int])], against inputs: [LossInput], at place: String)
    throws
  {
    var extents: [String: (size: Int, of: String)] = [:]
    for (name, shape) in shapes {
      guard let (input, numbers) = match(name, inputs) else {
        throw InputError(place, "'\(name)' is not read", remedy: nearest(name, in: inputs.map(\.name)))
      }
      guard shape.count == input.axes.count else {
        throw InputError(
          place, "'\(name)' has \(shape.count) axes",
          remedy: "it needs \(input.axes.count): \(input.axes.joined(separator: ", "))")
      }
      for (axis, size) in zip(input.axes, shape) where axis != "_" {
        if let needed = Int(axis) {
          guard size == needed else {
            throw InputError(
              place, "'\(name)' is \(shape)", remedy: "it needs [\(input.axes.joined(separator: ", "))]")
          }
          continue
        }
        let key = axis.hasSuffix("*") ? axis + numbers.joined(separator: ".") : axis
        if let known = extents[key], known.size != size {
          throw InputError(
            place, "'\(name)' is \(shape) where '\(known.of)' has \(axis) = \(known.size)",
            remedy: "\(axis) must be the same in both")
        }
        extents[key] = (size, name)
      }
      if let size = shape.first(where: { $0 < 1 }) {
        throw InputError(place, "'\(name)' has an extent of \(size)", remedy: "at least 1 is needed")
      }
    }
    for input in inputs where !input.isOptional {
      guard shapes.contains(where: { input.numbers(in: $0.name) != nil }) else {
        throw InputError(
          place, "there is no '\(input.name.replacing("*", with: "0"))'",
          remedy: "needed are: " + inputs.filter { !$0.isOptional }.map(\.summary).joined(separator: ", "))
      }
    }
  }

  private static func match(_ name: String, _ inputs: [LossInput]) -> (LossInput, [String])? {
    for input in inputs {
      if let numbers = input.numbers(in: name) { return (input, numbers) }
    }
    return nil
  }

  /// What a tensor of this name holds, if the loss reads it.
  public static func kind(of name: String, in inputs: [LossInput]) -> LossInput.Kind? {
    match(name, inputs)?.0.kind
  }
}
