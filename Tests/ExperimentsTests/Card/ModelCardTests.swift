import Experiments
import Foundation
import Reporting
import Support
import TestSupport
import Testing

@Suite("A model card")
struct ModelCardTests {
  private static let card = ModelCard(
    name: "garments-student: \"kd\"", tags: ["knowledge-distillation", "no", "1e3"], data: "fashion-on-texture",
    split: "test",
    metrics: [ModelCard.Metric("accuracy", "Test accuracy, mean over 3 seeds, 95 % interval ± 0.0088", 0.6343)],
    body: [.heading(2, "Limits"), .list(["Nothing is known of other images.", "* is no list"])])

  @Test("is the text that huggingface_hub was seen to read", .tags(.golden))
  func golden() throws {
    let golden = try String(contentsOf: Golden.folder.appendingPathComponent("model-card.md"), encoding: .utf8)
    #expect(Self.card.text == golden)
    #expect(ModelCardCheck.problems(in: golden).isEmpty)
  }

  @Test(
    "is refused where the hub would refuse it",
    arguments: [
      ("---\nlicense", "license", "there is no front matter between two lines ---"),
      ("license: unknown", "license: 3", "license is missing"),
      ("metrics: [accuracy]", "metrics: accuracy", "metrics is no list of words"),
      ("model-index:", "model-index: 3\nx:", "model-index is no list of models"),
      ("  - name: ", "  - title: ", "model-index[0].name is missing"),
      ("    results:", "    result:", "model-index[0].results is no list of results"),
      ("          type: image", "          typ: image", "model-index[0].results[0].task.type is missing"),
      ("          name: fashion", "          nam: fashion", "model-index[0].results[0].dataset.name is missing"),
      ("value: 0.6343", "value: .nan", "model-index[0].results[0].metrics[0].value is neither a number nor a text"),
      ("value: 0.6343", "value: []", "model-index[0].results[0].metrics[0].value is neither a number nor a text"),
      (
        "value: 0.6343", "value: 1\n            verified: true",
        "model-index[0].results[0].metrics[0].verified is for the hub's own evaluation"
      ),
      ("tags:", "tags: [\ntags:", "the front matter is no mapping in YAML"),
    ])
  func refused(_ old: String, _ new: String, _ problem: String) {
    let text = Self.card.text
    #expect(text.contains(old))
    #expect(ModelCardCheck.problems(in: text.replacing(old, with: new, maxReplacements: 1)) == [problem])
  }

  @Test("may have no numbers, and a text for one")
  func fine() {
    #expect(ModelCardCheck.problems(in: "---\nlicense: mit\n---\n# a\n").isEmpty)
    let text = Self.card.text.replacing("value: 0.6343", with: "value: \"63.4 ± 0.9\"")
    #expect(ModelCardCheck.problems(in: text).isEmpty)
  }

  @Test("that would be refused is not written")
  func unwritten() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("cards/a/README.md")
      let nameless = ModelCard(name: " ", tags: [], data: "d", split: "test", metrics: [], body: [])
      #expect(throws: WorkError.self) { try nameless.write(to: url) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
      try Self.card.write(to: url)
      #expect(try String(contentsOf: url, encoding: .utf8) == Self.card.text)
    }
  }
}
