import Analysis
import Experiments
import Foundation
import Testing

@Suite("Closed forms of lessons")
struct ClosedFormTests {
  /// Solves (K + λ) a = y by elimination, and gives K a.
  private func solved(_ problem: RidgeGenerations, _ labels: [Double]) -> [Double] {
    let n = labels.count
    let kernel = (0..<n).map { i in (0..<n).map { j in problem.kernel(i, j) } }
    var rows = (0..<n).map { i in
      (0..<n).map { j in kernel[i][j] + (i == j ? problem.penalty : 0) } + [labels[i]]
    }
    for pivot in 0..<n {
      for row in (pivot + 1)..<max(n, pivot + 1) {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot...n { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    var weights = Array(repeating: 0.0, count: n)
    for row in (0..<n).reversed() {
      let rest = ((row + 1)..<max(n, row + 1)).reduce(0) { $0 + rows[row][$1] * weights[$1] }
      weights[row] = (rows[row][n] - rest) / rows[row][row]
    }
    return (0..<n).map { i in (0..<n).reduce(0) { $0 + kernel[i][$1] * weights[$1] } }
  }

  @Test("of self-distilled ridge regression are what solving generation after generation gives", arguments: [1, 2, 5])
  func ridge(generation: Int) {
    let problem = RidgeGenerations.example
    let fit = (0..<generation).reduce(problem.labels) { labels, _ in solved(problem, labels) }
    // 32 unknowns, condition 1e5: errors of 1e-16 grow to 1e-11 a solution.
    for (own, closed) in zip(fit, problem.fit(generation: generation)) { #expect(abs(own - closed) < 1e-9) }
  }

  @Test("have a generation between the first and the last with the least error")
  func turn() {
    let errors = (1...12).map { RidgeGenerations.example.error(generation: $0) }
    let best = errors.indices.min { errors[$0] < errors[$1] } ?? 0
    #expect(best > 0 && best < 11, "\(errors)")
  }

  @Test(
    "of an omitted class: its recall, the shift after which it is chosen as often as it occurs, and its softened share")
  func omittedClass() {
    // Class 2 lies 3, 2, 1 and 0.5 below the best other one; two images are of it.
    let logits: [Float] = [4, 0, 1, 1, 5, 3, 0, 2, 1, 1, 0.5, 0.5]
    let answers = Predictions(logits: logits, labels: [0, 2, 1, 2], classes: 3)
    #expect(answers.recall(of: 2) == 0)
    let shift = answers.balancingShift(of: 2)
    // Between the second and the third nearest: −1 and −2.
    #expect(abs(shift - 1.5) < 1e-6)
    #expect(answers.recall(of: 2, shifted: shift) == 0.5)
    #expect(answers.recall(of: 2, shifted: 10) == 1)
    // softmax((2, −1, …)/T) by hand, of the one image of class 0 at T = 2: e^½ / (e² + 1 + e^½).
    let expected = exp(0.5) / (exp(2.0) + 1 + exp(0.5))
    #expect(abs(SoftAnswers.meanProbability(answers, of: 2, where: 0, at: 2) - expected) < 1e-7)
    #expect(Predictions(logits: [1, 0], labels: [0], classes: 2).recall(of: 1).isNaN)
  }

  @Test("of hot targets: T² · KL tends to the distance of centred logits, and a constant changes nothing")
  func temperature() {
    let own: [Float] = [1, -2, 0.5, 3, 0, -1]
    let other: [Float] = [0, 1.5, -0.5, 2, 2, -3]
    let (a, b) = (
      Predictions(logits: own, labels: [0, 1], classes: 3), Predictions(logits: other, labels: [0, 1], classes: 3)
    )
    // By hand: centred differences (4/3, -19/6, 11/6) and (-1/3·…): half of their squares over K, mean over images.
    let expected = (0..<2).reduce(0.0) { sum, image in
      let d = (0..<3).map { Double(own[3 * image + $0]) - Double(other[3 * image + $0]) }
      let centre = d.reduce(0, +) / 3
      return sum + d.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / 6
    }
    #expect(abs(SoftAnswers.limit(a, from: b) - expected / 2) < 1e-6)
    let hot = SoftAnswers.scaledDivergence(a, from: b, at: 1000)
    #expect(abs(hot - expected / 2) < 0.005 * expected)
    #expect(abs(SoftAnswers.scaledDivergence(a, from: b, at: 1) - Fidelity.divergence(a, from: b)) < 1e-12)
    let shifted = Predictions(logits: own.map { $0 + 5 }, labels: [0, 1], classes: 3)
    for temperature in [1.0, 4, 1000] {
      #expect(abs(SoftAnswers.scaledDivergence(shifted, from: a, at: temperature)) < 1e-9)
    }
    #expect(abs(SoftAnswers.entropy(a, at: 1e6) - log(3)) < 1e-9)
    #expect(abs(SoftAnswers.largestEntropy(a) - log(3)) < 1e-15)
  }

  @Test("of repeated mistakes count the teacher's mistakes alone, and have no value where it makes none")
  func mistakes() {
    func answers(_ choices: [Int], _ labels: [Int]) -> Predictions {
      Predictions(
        logits: choices.flatMap { choice in (0..<3).map { $0 == choice ? Float(1) : 0 } }, labels: labels, classes: 3)
    }
    let labels = [0, 1, 2, 0]
    let teacher = answers([0, 2, 1, 1], labels)
    #expect(FidelityLesson.repeatedMistakes(answers([1, 2, 1, 0], labels), teacher) == 2.0 / 3)
    #expect(FidelityLesson.repeatedMistakes(teacher, teacher) == 1)
    #expect(FidelityLesson.repeatedMistakes(teacher, answers(labels, labels)) == nil)
  }
}
