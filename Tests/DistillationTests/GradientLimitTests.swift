import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

/// The rule of `kdsvd` and `mhgd`: a term pulls at no weight harder than the labels do.
@Suite("A term of limited gradient")
struct GradientLimitTests {
  /// How far one step of rate 1 moves each of the student's weights.
  private func moved(
    _ clip: Bool, labels: Float, weight: Float, kd: Float = 0, epoch: Int = 0
  ) throws -> [[Float]] {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    let options: [String: OptionValue] = ["clip": .flag(clip)]
    let terms = try [("kdsvd", options, weight), ("kd", [:], kd)].filter { $0.2 != 0 }.map { name, options, weight in
      JointProgram.Term(
        name: name, method: try MethodRegistry.make(name, options, setup(student, teacher)), weight: weight)
    }
    let program = JointProgram(student: student, teacher: teacher, labelWeight: labels, terms: terms) {
      SGD([ParameterGroup($0)])
    }
    let before = student.trainableParameters.map(\.tensor.floats)
    _ = try program.step(
      batch(8), TrainingClock(step: epoch, epochs: 100, stepsPerEpoch: 1), learningRate: 1, random: Philox(seed: 1))
    return zip(student.trainableParameters, before).map { zip($0.tensor.floats, $1).map(-) }
  }

  private func length(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  @Test(
    "keeps its direction at every weight and is as long as the rule says",
    arguments: [(0, 1, 0), (2, 1, 0), (90, 1, 0), (0, 0.5, 0), (0, 0.5, 2)])
  func limit(_ epoch: Int, _ weight: Float, _ kd: Float) throws {
    let labels = try moved(false, labels: 1, weight: 0)
    let unlimited = try moved(false, labels: weight, weight: 0, kd: kd)
    let free = try moved(false, labels: 0, weight: 300)
    let both = try moved(true, labels: weight, weight: 300, kd: kd, epoch: epoch)
    let rise = 1 / (1 + exp(-Double(epoch)))
    var limited = 0
    for (place, whole) in both.enumerated() {
      let allowed = length(labels[place]) * rise
      let own = length(free[place])
      let factor = Float(own > allowed ? allowed / own : 1)
      limited += own > allowed ? 1 : 0
      let expected = zip(unlimited[place], free[place]).map { $0 + factor * $1 }
      // The differences of weights lose digits to the weights themselves.
      #expect(length(zip(whole, expected).map(-)) < 2e-3 * length(expected) + 2e-6, "weight \(place)")
    }
    #expect(limited > 0 && limited < both.count)
  }

  @Test("is limited by the labels' gradient even where labels have no weight")
  func withoutLabels() throws {
    let labels = try moved(false, labels: 1, weight: 0)
    let alone = try moved(true, labels: 0, weight: 1e6)
    for (own, limit) in zip(alone, labels) { #expect(length(own) <= 0.5 * length(limit) * 1.01 + 1e-6) }
    #expect(alone.contains { length($0) > 0 })
  }
}
