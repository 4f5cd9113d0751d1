import Support
import Testing

@Suite("Words for people")
struct WordsTests {
  @Test(
    "suggest the nearest known name, and list all",
    arguments: [
      ("modles", "did you mean 'models'? known: methods, models, recipe"),
      ("recipes", "did you mean 'recipe'? known: methods, models, recipe"),
      ("", "known: methods, models, recipe"), ("something-else", "known: methods, models, recipe"),
    ])
  func suggestion(_ name: String, _ expected: String) {
    #expect(nearest(name, in: ["models", "recipe", "methods"]) == expected)
  }

  @Test(
    "suggest what is meant, however it is spelt or lengthened, and nothing for what is merely short",
    arguments: [
      ("learning_rate", "learning-rate"), ("learningRate", "learning-rate"), ("LEARNING-RATE", "learning-rate"),
      ("batch_size", "batch"), ("batchSize", "batch"), ("rate", "learning-rate"), ("bacth", "batch"), ("ta", "at"),
      ("epoc", "epochs"), ("lr", nil), ("wd", nil), ("x", nil), ("size", nil), ("", nil),
    ] as [(String, String?)])
  func meant(_ name: String, _ expected: String?) {
    #expect(closest(to: name, in: ["learning-rate", "batch", "at", "epochs"]) == expected)
  }

  @Test("suggest of two that are as near the one with the fewer separators to put in")
  func separators() {
    #expect(closest(to: "layer33", in: ["layer3.0", "layer3", "layer3.1"]) == "layer3")
    #expect(closest(to: "layer31.0", in: ["layer1.0", "layer3", "layer3.1.0"]) == "layer3.1.0")
  }

  @Test("suggest nothing where nothing is known")
  func nothingKnown() { #expect(nearest("x", in: []) == "known: ") }

  @Test(
    "tell words apart by insertions, deletions, substitutions and swapped neighbours",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ac", 1),
      ("ab", "ba", 1), ("hlep", "help", 1), ("verison", "version", 1), ("abcd", "badc", 2), ("abc", "bca", 2),
      ("kitten", "sitting", 3), ("é", "e", 1),
    ])
  func distance(_ a: String, _ b: String, _ expected: Int) {
    #expect(editDistance(a, b) == expected)
    #expect(editDistance(b, a) == expected)
  }

  @Test(
    "say how long something takes",
    arguments: [
      (0.0, "0 s"), (-3, "0 s"), (0.4, "0 s"), (12.4, "12 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"),
      (3599.6, "1 h 00 min"), (3900, "1 h 05 min"), (7260, "2 h 01 min"), (360_000, "100 h 00 min"),
    ])
  func duration(_ seconds: Double, _ expected: String) { #expect(durationText(seconds) == expected) }

  @Test("of an error are one line: where, what, and what would be right")
  func errors() {
    #expect("\(InputError("r.yaml:3:1", "epochs is 0", remedy: "it takes 1"))" == "r.yaml:3:1: epochs is 0; it takes 1")
    #expect("\(InputError("r.yaml", "is empty"))" == "r.yaml: is empty")
    #expect("\(WorkError("disk full"))" == "disk full")
    #expect(!"\(Interrupted())".contains("\n"))
  }
}
