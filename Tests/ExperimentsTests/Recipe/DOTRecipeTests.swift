import Experiments
import NeuralNetworks
import Support
import Testing
import Training

@Suite("training.optimizer: dot")
struct DOTRecipeTests {
  @Test("has sgd's momentum and a delta of 0.075 unless given, and is written out")
  func reading() throws {
    let recipe = try read(minimal("training: { optimizer: dot }"))
    #expect(recipe.training.rule == .dot && recipe.training.momentum == 0.9 && recipe.training.delta == 0.075)
    #expect(recipe.training.schedule.base == 0.05)
    #expect(try read(recipe.canonicalYAML) == recipe)
    let own = try read(minimal("training: { optimizer: dot, momentum: 0.8, delta: 0.1 }")).training
    #expect(own.momentum == 0.8 && own.delta == 0.1)
    #expect(own.makeOptimizer([]) is DOT)
    #expect(try !read(minimal()).canonicalYAML.contains("delta"))
  }

  @Test(
    "is refused where it has nothing to keep apart, or momenta that are none",
    arguments: [
      (
        minimal("training: { optimizer: dot }\nlabels: { weight: 0 }"),
        "r.yaml:6:24: dot keeps labels and terms apart, but student does not learn from both at once; give labels"
      ),
      (
        minimal("training: { optimizer: dot }", distillation: "[ { method: kd, weight: 0 } ]"),
        "r.yaml:6:24: dot keeps labels and terms apart"
      ),
      (
        minimal("training: { optimizer: dot }\nschedule: two-stage", distillation: "[ { method: feature-l2 } ]"),
        "r.yaml:6:24: dot keeps labels and terms apart"
      ),
      (
        minimal("training: { optimizer: dot, delta: 0.2 }"),
        "r.yaml:6:36: the momenta 0.9 ± 0.2 do not lie in [0, 1); give a smaller delta"
      ),
      (minimal("training: { optimizer: dot, nesterov: true }"), "r.yaml:6:39: dot has no nesterov; drop it"),
      (minimal("training: { delta: 0.1 }"), "r.yaml:6:20: sgd has no delta; drop it, or take optimizer: dot"),
      (
        minimal(distillation: "[ { method: dot } ]"),
        "r.yaml:5:27: dot is an optimiser, no term; write training: { optimizer: dot }"
      ),
    ])
  func refusals(_ yaml: String, _ line: String) {
    #expect(refusal(yaml)?.hasPrefix(line) == true, "\(refusal(yaml) ?? "accepted")")
  }

  @Test("is refused beside a term whose gradient has a limit of its own")
  func limits() {
    let yaml = minimal("training: { optimizer: dot }", distillation: "[ { method: mhgd } ]")
    let error = #expect(throws: InputError.self) {
      try Recipe.read(yaml: yaml, at: "r.yaml", vocabulary: .standard)
    }
    let line = "r.yaml:6:24: dot takes all terms together, and mhgd of student has its own limit by the labels"
    #expect(error?.description.hasPrefix(line) == true, "\(error?.description ?? "accepted")")
  }
}
