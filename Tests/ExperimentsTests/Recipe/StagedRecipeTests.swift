import Experiments
import Support
import Testing

/// Methods with stages or a training of their own, in recipes.
@Suite("A recipe with stages of methods")
struct StagedRecipeTests {
  private func read(_ distillation: String, _ more: String = "") throws -> Recipe {
    try Recipe.read(
      yaml: minimal(more, distillation: distillation), at: "r.yaml", vocabulary: .standard, overrides: [], quick: false)
  }

  @Test(
    "counts the epochs of the methods' own stages",
    arguments: [
      ("[ { method: fsp } ]", 30), ("[ { method: fsp, stages: joint } ]", 0),
      ("[ { method: fitnet, stages: hint-first, hint-epochs: 4 } ]", 4), ("[ { method: fitnet } ]", 0),
      ("[ { method: factor-transfer }, { method: activation-boundary, boundary-epochs: 7 } ]", 12),
      ("[ { method: rocket, weight: 0.03 } ]", 0),
    ])
  func epochs(_ distillation: String, _ expected: Int) throws {
    #expect(try read(distillation).students[0].preparationEpochs == expected)
  }

  @Test(
    "is refused where something would have nothing to train on, or too much",
    arguments: [
      (
        "[ { method: fsp } ]", "labels: { weight: 0 }",
        "nothing is left to train on behind the methods' own stages; give"
      ),
      ("[ { method: rocket }, { method: kd } ]", "", "rocket trains in a way of its own; make it the only term"),
      ("[ { method: rocket, share: layer1 } ]", "", "resnet8 and resnet20 differ up to layer1; share: layer1.0 is"),
      ("[ { method: sskd } ]", "schedule: two-stage", "sskd shows images in a way of its own, and a two-stage"),
      (
        "[ { method: kdsvd, clip: true } ]", "schedule: two-stage",
        "kdsvd limits its gradient by that of the labels, which"
      ),
      ("[ { method: mhgd, clip: true } ]", "schedule: two-stage", "mhgd limits its gradient by that of the labels"),
      ("[ { method: fsp } ]", "schedule: two-stage", "fsp has a stage of its own, and the student has two already;"),
    ])
  func refused(_ distillation: String, _ more: String, _ expected: String) {
    let error = #expect(throws: InputError.self) { try read(distillation, more) }
    let line = error?.description ?? ""
    #expect(line.hasPrefix("r.yaml:") && line.contains(": \(expected)") && !line.contains("\n"), "\(line)")
  }
}
