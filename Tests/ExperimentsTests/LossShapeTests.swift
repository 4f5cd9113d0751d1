import Checkpoints
import Experiments
import Foundation
import Support
import TestSupport
import Testing

/// Every loss of the registry on files that do not fit: a refusal of one line, or a value, never a trap, which would end
/// the whole test run.
@Suite("A loss on tensors that do not fit")
struct LossShapeTests {
  /// Of each method the golden cases with different sets of tensors.
  static let cases: [GoldenCase] = {
    var seen: Set<String> = []
    return LossGoldenTests.cases.filter { golden in
      seen.insert("\(golden.operation) \(golden.parts(after: "in/").sorted())").inserted
    }
  }()

  private static func inputs(_ golden: GoldenCase) throws -> [StoredTensor] {
    try golden.parts(after: "in/").map { name in
      let stored = try golden.stored("in/\(name)")
      return StoredTensor(name: name, type: stored.type, shape: stored.shape, bytes: stored.bytes)
    }
  }

  /// Zeros of another shape and, for a copy, another name.
  private static func changed(_ tensor: StoredTensor, _ shape: [Int], as name: String? = nil) -> StoredTensor {
    let count = shape.reduce(1, *)
    let width = tensor.bytes.count / max(1, tensor.shape.reduce(1, *))
    // What the tensor holds, again and again: labels stay classes.
    let bytes = Data((0..<count * width).map { tensor.bytes[tensor.bytes.startIndex + $0 % tensor.bytes.count] })
    return StoredTensor(name: name ?? tensor.name, type: tensor.type, shape: shape, bytes: bytes)
  }

  @discardableResult
  private func answer(_ golden: GoldenCase, _ inputs: [StoredTensor]) throws -> LossAnswer {
    try LossAnswer(
      golden.operation, Safetensors(tensors: inputs), path: "in.safetensors", assignments: golden.texts("options"))
  }

  /// That the loss refuses a file in one line.
  private func expectRefusal(_ golden: GoldenCase, _ inputs: [StoredTensor], naming name: String? = nil) {
    let error = #expect(throws: InputError.self, "\(golden.name)") { try answer(golden, inputs) }
    guard let line = error?.description else { return }
    #expect(line.hasPrefix("in.safetensors: ") && !line.contains("\n"), "\(line)")
    if let name { #expect(line.contains("'\(name)'"), "\(line)") }
  }

  @Test("of another rank is refused by name", arguments: cases)
  func ranks(_ golden: GoldenCase) throws {
    let inputs = try Self.inputs(golden)
    for (place, tensor) in inputs.enumerated() {
      for shape in [tensor.shape + [1], Array(tensor.shape.dropLast())] {
        var wrong = inputs
        wrong[place] = Self.changed(tensor, shape)
        expectRefusal(golden, wrong, naming: tensor.name)
      }
    }
  }

  @Test("of other extents is refused, or has a value", arguments: cases)
  func extents(_ golden: GoldenCase) throws {
    let inputs = try Self.inputs(golden)
    for (place, tensor) in inputs.enumerated() {
      for axis in tensor.shape.indices {
        for extent in Set([1, tensor.shape[axis] + 1, 2 * tensor.shape[axis]]) where extent != tensor.shape[axis] {
          var (wrong, shape) = (inputs, tensor.shape)
          shape[axis] = extent
          wrong[place] = Self.changed(tensor, shape)
          do {
            try answer(golden, wrong)
          } catch let error as InputError {
            #expect(!error.description.contains("\n"))
          } catch is WorkError {
          }
        }
        var (empty, shape) = (inputs, tensor.shape)
        shape[axis] = 0
        empty[place] = StoredTensor(name: tensor.name, type: tensor.type, shape: shape, bytes: Data())
        expectRefusal(golden, empty)
      }
    }
  }

  @Test("of which one is missing is refused, or does without it", arguments: cases)
  func missing(_ golden: GoldenCase) throws {
    let inputs = try Self.inputs(golden)
    for (place, tensor) in inputs.enumerated() {
      var wrong = inputs
      wrong.remove(at: place)
      do {
        try answer(golden, wrong)
        // What a loss does without is no part of a series: of those all members are needed.
        let isOptional = try LossAnswer.inputs(of: golden.operation).contains {
          $0.contains("optional") && $0.hasPrefix(tensor.name.replacing(/\.\d+/, with: ".*"))
            || $0.contains("optional") && $0.hasPrefix(tensor.name + " ")
        }
        let last = tensor.name.contains(/\.\d+/)
        #expect(isOptional || last, "\(golden.name) without \(tensor.name)")
      } catch let error as InputError {
        #expect(!error.description.contains("\n"))
      }
    }
  }

  @Test("with a gap in a series is refused by the name of what is missing", arguments: cases)
  func gaps(_ golden: GoldenCase) throws {
    let inputs = try Self.inputs(golden)
    let tensor = inputs.first { $0.name.contains(/^(student|teacher|teachers|further-teachers)(\.features)?\.1\b/) }
    guard let tensor else { return }
    let beyond = Self.changed(tensor, tensor.shape, as: tensor.name.replacing(".1", with: ".9"))
    expectRefusal(golden, inputs.filter { $0.name != tensor.name } + [beyond], naming: tensor.name)
  }

  @Test("of which one is too many is refused by name", arguments: cases)
  func extra(_ golden: GoldenCase) throws {
    let inputs = try Self.inputs(golden)
    for tensor in inputs {
      var names = ["\(tensor.name).more"]
      if tensor.name.contains(/\.\d+/) {
        names += [".97", ".-1", ".00"].map { tensor.name.replacing(/\.\d+/, with: $0) }
      }
      for name in names {
        let error = #expect(throws: InputError.self, "\(golden.name) with \(name)") {
          try answer(golden, inputs + [Self.changed(tensor, tensor.shape, as: name)])
        }
        #expect(error.map { !$0.description.contains("\n") } ?? true)
      }
    }
  }

  @Test("that is not a number is refused by tensor and index", arguments: cases)
  func notANumber(_ golden: GoldenCase) throws {
    let inputs = try Self.inputs(golden)
    for (place, tensor) in inputs.enumerated() where tensor.type == .f32 {
      var (wrong, values) = (inputs, try tensor.floats())
      values[values.count - 1] = .nan
      wrong[place] = StoredTensor(name: tensor.name, shape: tensor.shape, floats: values)
      let error = #expect(throws: InputError.self) { try answer(golden, wrong) }
      let index = tensor.shape.map { $0 - 1 }
      #expect(error?.description.contains("'\(tensor.name)' is not a number at \(index)") == true)
    }
  }
}
