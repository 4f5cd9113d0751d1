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
    var relative = 1e-5
    var testDescription: String { method }

    init(_ method: String, _ inputs: [StoredTensor], _ expected: Double, _ options: String...) {
      (self.method, self.options, self.inputs, self.expected) = (method, options, inputs, expected)
    }
  }

  /// scale · sin(1.3 i + 0.7 seed + 0.001 i²), i the place in row-major order.
  private static func made(
    _ name: String, _ shape: [Int], _ seed: Double, scale: Double = 1, rowsHaveLengthOne: Bool = false
  ) -> StoredTensor {
    var values = numbers(shape, seed, scale: scale)
    if rowsHaveLengthOne, let width = shape.last {
      let lengths = stride(from: 0, to: values.count, by: width).map { start in
        values[start..<start + width].reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
      for place in values.indices { values[place] /= lengths[place / width] }
    }
    return StoredTensor(name: name, shape: shape, floats: values)
  }

  private static func numbers(_ shape: [Int], _ seed: Double, scale: Double = 1) -> [Float] {
    (0..<shape.reduce(1, *)).map { place in
      let i = Double(place)
      return Float(scale * sin(1.3 * i + 0.7 * seed + 0.001 * i * i))
    }
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

  /// Maps that are the embeddings, so that every table of edges is the vectors'.
  private static let graph = ["student", "teacher"].flatMap { side -> [StoredTensor] in
    let (width, seed): (Int, Double) = side == "student" ? (6, 10) : (8, 11)
    return [
      made("\(side).features.0", [4, width, 1, 1], seed), made("\(side).features.1", [4, width, 1, 1], seed),
      made("\(side).embedding", [4, width], seed), made("\(side).logits", [4, 5], 1),
    ]
  }
  /// Maps whose upper ones have channels of two seeds, eight in all.
  private static let moves = ["student", "teacher"].flatMap { side -> [StoredTensor] in
    let seeds: (Double, Double, Double) = side == "student" ? (12, 13, 16) : (14, 15, 17)
    let (upper, more) = (numbers([3, 6, 3, 3], seeds.1), numbers([3, 2, 3, 3], seeds.2))
    var joined: [Float] = []
    for image in 0..<3 {
      joined += upper[(54 * image)..<(54 * image + 54)]
      joined += more[(18 * image)..<(18 * image + 18)]
    }
    return [
      made("\(side).features.0", [3, 4, 6, 6], seeds.0),
      StoredTensor(name: "\(side).features.1", shape: [3, 8, 3, 3], floats: joined),
      made("\(side).embedding", [3, 5], 1), made("\(side).logits", [3, 5], 1),
    ]
  }
  private static let turned = [
    made("student.logits", [8, 4], 62, scale: 2), made("teacher.logits", [8, 4], 63, scale: 2),
    made("student.projection", [8, 3], 60), made("teacher.projection", [8, 3], 61),
    StoredTensor(name: "labels", shape: [2], integers: [1, 3]),
  ]
  private static let edges = StoredTensor(
    name: "edges", shape: [7, 2], integers: [0, 1, 2, 1, 3, 1, 1, 0, 3, 0, 0, 2, 1, 2])

  /// A divergence of distributions that agree to a hundredth: it has two digits less than they.
  private static func near(_ vector: Case) -> Case {
    var vector = vector
    vector.relative = 1e-4
    return vector
  }
  private static let factors = [
    made("student.factors", [3, 5, 3, 3], 5), made("teacher.factors", [3, 5, 3, 3], 4),
  ]
  private static let margins = StoredTensor(
    name: "margins.0", shape: [5], floats: [-0.762_617_47, -0.307_512_88, -0.807_328_35, -0.6, -2.278_764_11])

  /// Three convolutions that give the map back in spite of the ReLUs between them, and a variance of 5.
  private static let identity: [StoredTensor] = {
    func weight(_ place: Int, _ shape: [Int], _ value: (Int, Int) -> Float) -> StoredTensor {
      let values = (0..<shape[0]).flatMap { row in (0..<shape[1]).map { value(row, $0) } }
      return StoredTensor(name: "parameters.regressor.\(place).weight", shape: shape + [1, 1], floats: values)
    }
    return [
      weight(0, [10, 5]) { row, column in row % 5 == column ? (row < 5 ? 1 : -1) : 0 },
      weight(1, [10, 10]) { row, column in row == column ? 1 : 0 },
      weight(2, [5, 10]) { row, column in column % 5 == row ? (column < 5 ? 1 : -1) : 0 },
      StoredTensor(
        name: "parameters.log_scale", shape: [5], floats: Array(repeating: Float(log(exp(5 - 1e-5) - 1)), count: 5)),
    ]
  }()
  /// A classifier that says nothing, so that the first term is left.
  private static let silent = [
    StoredTensor(name: "teacher.classifier.weight", shape: [2, 5], floats: Array(repeating: 0, count: 10)),
    StoredTensor(name: "teacher.classifier.bias", shape: [2], floats: [0, 0]),
    StoredTensor(name: "teacher.logits", shape: [3, 2], floats: Array(repeating: 0, count: 6)),
  ]
  private static let stages = [
    made("student.features.0", [2, 5, 3, 3], 20), made("student.features.1", [2, 5, 3, 3], 21),
    made("teacher.features.0", [2, 5, 3, 3], 22), made("teacher.features.1", [2, 5, 3, 3], 23),
  ]
  /// The shares of all channels are equal.
  private static let indifferent =
    equal
    + [0, 1].flatMap { part in
      [
        StoredTensor(
          name: "parameters.attention.0.\(part).weight", shape: [5, 5], floats: Array(repeating: 0, count: 25)),
        StoredTensor(name: "parameters.attention.0.\(part).bias", shape: [5], floats: Array(repeating: 0, count: 5)),
      ]
    }
  private static let contrast =
    ["student", "teacher"].enumerated().flatMap { place, side in
      let identity = (0..<16).map { Float($0 % 5 == 0 ? 1 : 0) }
      return [
        made("memory.\(side)", [6, 4], Double(6 + place), rowsHaveLengthOne: true),
        made("\(side).embedding", [2, 4], Double(8 + place)),
        StoredTensor(name: "parameters.embed.\(side).weight", shape: [4, 4], floats: identity),
        StoredTensor(name: "parameters.embed.\(side).bias", shape: [4], floats: [0, 0, 0, 0]),
      ]
    } + [
      StoredTensor(name: "indices", shape: [2], integers: [1, 4]),
      StoredTensor(name: "contrast.indices", shape: [2, 4], integers: [1, 0, 3, 5, 4, 2, 0, 3]),
    ]

  static let cases = [
    Case("kdsvd", stages, 0.0003553096038), Case("kdsvd", stages, 0.001785584287, "sign=raw"),
    Case("afds", indifferent, 0.05277986251), Case("crd", contrast, 20.14384501 + 15.45267683),
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
    Case("rkd", embeddings, 0.02610789254, "distance-weight=1", "angle=false"),
    Case("rkd", embeddings, 0.008254546685, "distance-weight=0", "angle-weight=1"),
    Case("rkd", embeddings, 1.065424648, "distances=expanded"),
    near(Case("lsp", embeddings + [edges], 0.0001709990289)),
    Case("pkt-hierarchical", flat, 0.08356478552), Case("sskd", turned, 1.915187066, "label-weight=0.1"),
    Case("irg", graph, 0.04570690459, "vertex-weight=0", "edge-weight=1", "transformation-weight=0"),
    Case("irg", moves, 0.001751580533, "vertex-weight=0", "edge-weight=0", "transformation-weight=1"),
    Case("factor-transfer", factors, 0.09366585603),
    Case("factor-transfer", factors, 0.08758018549, "factor=spatial"),
    // One stage of weight 1: 3/1000 is in the value.
    Case("activation-boundary", equal, 0.06255521146), Case("ofd", equal + [margins], 0.00816618088),
    Case("vid", equal + identity, 0.8283646468), Case("review-kd", equal, 0.1465602536),
    Case("srrl", equal + silent, 0.0008152920568),
  ]

  /// The norm of the gradient to the student's tensor (of fsp the first): it catches a wrong constant.
  static let slopes: [(Case, Double)] = [
    (Case("attention-transfer", unequal, 0), 0.03290794839), (Case("nst", unequal, 0), 0.3733655045),
    (Case("factor-transfer", factors, 0), 0.01719251145),
    (Case("factor-transfer", factors, 0, "factor=spatial"), 0.07743927001),
    (Case("activation-boundary", equal, 0), 0.01581837052), (Case("ofd", equal + [margins], 0), 0.0032997335),
    (Case("vid", equal + identity, 0), 0.008370263163), (Case("review-kd", equal, 0), 0.05223159367),
    (Case("cwd", equal, 0), 0.04183693376), (Case("srrl", equal + silent, 0), 0.004914956936),
    (Case("fsp", flow, 0), 0.003632099893),
  ]

  @Test("has the gradient of the paper's code", arguments: slopes)
  func slope(_ vector: Case, _ expected: Double) throws {
    let answer = try LossAnswer(
      vector.method, Safetensors(tensors: vector.inputs), path: "in.safetensors", assignments: vector.options)
    let name = try #require(vector.inputs.first).name
    let values = try #require(answer.gradients[name]).floats()
    let norm = values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(norm - expected) <= 1e-5 * expected)
  }

  @Test("has the value of the paper's code", arguments: cases)
  func value(_ vector: Case) throws {
    let answer = try LossAnswer(
      vector.method, Safetensors(tensors: vector.inputs), path: "in.safetensors", assignments: vector.options)
    // Single precision, with differences of near numbers in it.
    #expect(abs(answer.loss - vector.expected) <= vector.relative * abs(vector.expected))
  }
}
