import Checkpoints
import Experiments
import Foundation
import Testing

/// Values that the papers' released code gives in double precision on tensors made by a formula.
@Suite("A distillation loss on the formula's tensors")
struct LossVectorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let method: String
    let options: [String]
    let inputs: [StoredTensor]
    let expected: Double
    var testDescription: String { method }

    init(_ method: String, _ inputs: [StoredTensor], _ expected: Double, _ options: String...) {
      (self.method, self.options, self.inputs, self.expected) = (method, options, inputs, expected)
    }
  }

  /// scale · sin(1.3 i + 0.7 seed + 0.001 i²), i the place in row-major order.
  private static func made(_ name: String, _ shape: [Int], _ seed: Double, scale: Double = 1) -> StoredTensor {
    let values = (0..<shape.reduce(1, *)).map { place in
      let i = Double(place)
      return Float(scale * sin(1.3 * i + 0.7 * seed + 0.001 * i * i))
    }
    return StoredTensor(name: name, shape: shape, floats: values)
  }

  private static let logits = [
    made("student.logits", [4, 5], 1, scale: 2), made("teacher.logits", [4, 5], 2, scale: 3),
  ]
  private static let labels = StoredTensor(name: "labels", shape: [4], integers: [0, 2, 4, 2])
  private static let unequal = [
    made("student.features.0", [3, 4, 6, 6], 3), made("teacher.features.0", [3, 5, 3, 3], 4),
  ]
  private static let equal = [
    made("student.features.0", [3, 5, 3, 3], 5), made("teacher.features.0", [3, 5, 3, 3], 4),
  ]
  private static let embeddings = [made("student.embedding", [4, 6], 10), made("teacher.embedding", [4, 8], 11)]
  private static let flat = [
    made("student.features.0", [4, 6, 1, 1], 10), made("teacher.features.0", [4, 8, 1, 1], 11),
  ]
  private static let flow = [
    made("student.features.0", [3, 4, 6, 6], 12), made("student.features.1", [3, 6, 3, 3], 13),
    made("teacher.features.0", [3, 4, 6, 6], 14), made("teacher.features.1", [3, 6, 3, 3], 15),
  ]

  static let cases = [
    Case("logits", logits, 1.957787686), Case("kd", logits, 0.8695768778, "temperature=4"),
    Case("dkd", logits + [labels], 6.029228548, "alpha=1", "beta=8", "temperature=4"),
    Case("nkd", logits + [labels], 41.15461722, "gamma=3.5", "temperature=3"),
    Case("wsl", logits + [labels], 17.01818802, "temperature=4"),
    Case("dist", logits, 10.04516346, "temperature=4"),
    Case("logit-std", logits, 0.1702731496, "temperature=2"),
    Case("kd", logits, 0.1702731496, "temperature=2", "logit-standardisation=true"),
    Case("dkd", logits + [labels], 0.3065871635, "alpha=1", "beta=0", "temperature=4"),
    Case("dkd", logits + [labels], 0.715330173, "alpha=0", "beta=1", "temperature=4"),
    Case("ctkd", logits + [StoredTensor(name: "parameters.theta", shape: [1], floats: [1])], 0.9641568445),
    Case("label-smoothing", [logits[0], labels], 2.635559548), Case("attention-transfer", unequal, 0.02329537123),
    Case("nst", unequal, 0.8930780558), Case("cwd", equal, 0.1171344788, "temperature=4"),
    Case("ickd", equal, 0.002676738028), Case("rkd", embeddings, 1.065424648),
    Case("similarity-preserving", flat, 0.07340046032), Case("pkt", embeddings, 0.04679733195),
    Case("correlation-congruence", embeddings, 0.02667465449), Case("fsp", flow, 0.006007401445),
  ]

  @Test("has the value of the paper's code", arguments: cases)
  func value(_ vector: Case) throws {
    let answer = try LossAnswer(
      vector.method, Safetensors(tensors: vector.inputs), path: "in.safetensors", assignments: vector.options)
    // Single precision, with differences of near numbers in it.
    #expect(abs(answer.loss - vector.expected) <= 1e-5 * abs(vector.expected))
  }
}
