import Experiments
import Foundation
import Support
import TestSupport
import Testing

@Suite("training.gradients")
struct GradientsKeyTests {
  private func recipe(_ overrides: [String]) throws -> Recipe {
    try Recipe.builtIn(vocabulary: .standard, overrides: overrides)
  }

  @Test("is written out where it is on, and left out where it is off, so that older recipes keep their hash")
  func canonical() throws {
    #expect(try recipe([]).training.gradientSteps == 2)
    #expect(try recipe(["training.gradients=5"]).canonicalYAML.contains("\n  gradients: 5\n"))
    let off = try recipe(["training.gradients=0"])
    #expect(!off.canonicalYAML.contains("gradients"))
    let again = try Recipe.read(yaml: off.canonicalYAML, at: "again", vocabulary: .standard)
    #expect(again == off)
  }

  @Test("does not decide weights: a run can be gone on with when it is changed")
  func hash() throws {
    let root = URL(fileURLWithPath: "/nowhere")
    let hashes = try [0, 2, 9].map { count in
      Experiment(
        try recipe(["training.gradients=\(count)"]), root: root, progress: ProgressDisplay(isQuiet: true)
      ).trainingHash
    }
    #expect(Set(hashes).count == 1)
  }

  @Test("takes whole numbers from 0", arguments: ["-1", "1.5", "often"])
  func refusal(_ value: String) {
    let error = #expect(throws: InputError.self) { try recipe(["training.gradients=\(value)"]) }
    #expect(error?.description.hasPrefix("--set training.gradients: ") == true)
  }
}
