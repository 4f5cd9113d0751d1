import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite("Losses", .tags(.golden))
struct LossTests {
  /// Exponentials to 1e-7 and a mean over few numbers. Logits of up to ±90 ("extreme"), and ones around 1000
  /// ("shifted"), which are exact in Float: no digit of their differences may be lost.
  private let values = Tolerance(relative: 1e-6, ofLargest: 3e-7)

  /// Differences of probabilities near 1, times an upstream of up to 3: a few roundings of those.
  private let slopes = Tolerance(relative: 1e-6, ofLargest: 5e-7, absolute: 1e-6)

  @Test("have PyTorch's values and gradients", arguments: try Golden.cases("losses"))
  func golden(_ golden: GoldenCase) throws {
    switch golden.operation {
    case "softmax": try golden.hold(values, gradients: slopes) { $0[0].softmax() }
    case "log-softmax": try golden.hold(values, gradients: slopes) { $0[0].logSoftmax() }
    case "cross-entropy":
      let (labels, smoothing) = try (golden.integers("labels"), Float(golden.number("smoothing")))
      try golden.hold(values, gradients: slopes) { crossEntropy($0[0], labels, smoothing: smoothing) }
    case "mixed-cross-entropy":
      let (labels, partners) = try (golden.integers("labels"), golden.integers("partners"))
      let shares = try golden.numbers("shares").map { Float($0) }
      try golden.hold(values, gradients: slopes) {
        crossEntropy($0[0], labels, mixedWith: partners, shares: shares)
      }
    case "softened-divergence":
      let temperature = Float(try golden.number("temperature"))
      // T² times a sum of p·(log p − log q), each to 1e-7 of logarithms of up to 10.
      let tolerance = Tolerance(relative: 2e-6, absolute: 2e-7 * Double(temperature * temperature))
      let slope = Tolerance(relative: 1e-5, ofLargest: 2e-6, absolute: 1e-7 * Double(temperature))
      try golden.hold(tolerance, gradients: slope) {
        softenedDivergence($0[0], from: $0[1], temperature: temperature)
      }
    case "mean-squared-error": try golden.hold(values) { meanSquaredError($0[0], $0[1]) }
    case "mean-absolute-error": try golden.hold(values) { meanAbsoluteError($0[0], $0[1]) }
    case "smooth-l1": try golden.hold(values) { smoothL1($0[0], $0[1]) }
    default: golden.reportUnknownOperation()
    }
  }

  @Test("a teacher gets no gradient, even where it could have one")
  func teacher() {
    let student = Tensor.normal([4, 6], Philox(seed: 1))
    let teacher = Tensor.normal([4, 6], Philox(seed: 2))
    for tensor in [student, teacher] { tensor.setRequiresGradient(true) }
    let found = gradients(
      of: softenedDivergence(student, from: teacher, temperature: 4), with: [student, teacher])
    #expect(found[0].floats.contains { $0 != 0 } && found[1].floats.allSatisfy { $0 == 0 })
  }

  @Test("refuse shapes that differ, and labels that do not exist", arguments: 0..<6)
  func mismatch(which: Int) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [which] in
      let (a, b) = (Tensor.ones([2, 3]), Tensor.ones([3, 2]))
      switch which {
      case 0: _ = meanSquaredError(a, b)
      case 1: _ = meanAbsoluteError(a, b)
      case 2: _ = smoothL1(a, b)
      case 3: _ = softenedDivergence(a, from: b, temperature: 2)
      case 4: _ = crossEntropy(a, [0, 3])
      default: Parameter(a, .weight).assign(b)
      }
    }
    let errors = try #require(result?.standardErrorContent)
    let text = String(decoding: errors, as: UTF8.self)
    let name = ["meanSquaredError", "meanAbsoluteError", "smoothL1", "softenedDivergence", "column 3", "assign"][which]
    for part in [name, "[2, 3]"] + (which == 4 ? [] : ["[3, 2]"]) {
      #expect(text.contains(part), "\(part) in: \(text.prefix(300))")
    }
  }
}
