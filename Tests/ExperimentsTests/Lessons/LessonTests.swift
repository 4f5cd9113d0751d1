import Experiments
import Foundation
import Support
import Tensors
import TestSupport
import Testing

@Suite("Lessons")
struct LessonTests {
  private func make(
    _ name: String = "concept-validity", _ assignments: [String] = [], quick: Bool = false, seeds: Int = 1,
    root: URL = URL(fileURLWithPath: "/nowhere")
  ) throws -> any Lesson {
    try LessonRegistry.make(name, assignments: assignments, isQuick: quick) {
      LessonSetup(
        options: $0, seeds: Array(1...seeds), isQuick: quick, root: root, progress: ProgressDisplay(isQuiet: true))
    }
  }

  private func line(_ body: () throws -> Void) -> String {
    let error = #expect(throws: InputError.self) { try body() }
    return error?.description ?? ""
  }

  @Test("have names that differ, a question, and options whose quick values they accept")
  func entries() throws {
    #expect(Set(LessonRegistry.entries.map(\.name)).count == LessonRegistry.entries.count)
    for lesson in LessonRegistry.lessons {
      #expect(lesson.entry.summary.hasSuffix("?"))
      for (key, value) in lesson.quick {
        let option = try #require(lesson.entry.options.first { $0.name == key })
        #expect(option.accepts(value))
      }
      #expect(try make(lesson.entry.name, quick: true).folders.name == "\(lesson.entry.name)-quick")
    }
  }

  @Test("refuse unknown names, options, values and layers in one line that suggests what would be right")
  func refusals() {
    #expect(line { _ = try make("concept-validty") }.contains("there is no lesson 'concept-validty'; did you mean"))
    #expect(line { _ = try make("concept-validity", ["epoch=3"]) }.hasPrefix("--set epoch: 'epoch' is no option of"))
    #expect(line { _ = try make("concept-validity", ["epochs=0"]) }.hasPrefix("--set epochs"))
    #expect(line { _ = try make("concept-validity", ["epochs"]) }.contains("no value"))
    #expect(line { _ = try make("concept-validity", ["levels=[two-colors]"]) }.contains("two-colours"))
    #expect(line { _ = try make("concept-validity", ["levels=[one-colour, one-colour]"]) }.contains("one twice"))
    #expect(line { _ = try make("concept-validity", ["layers=[layer9]"]) }.contains("resnet8 has no layer 'layer9'"))
    #expect(line { _ = try make("concept-validity", ["layers=[fc]"]) }.contains("'fc' is no map"))
    #expect(line { _ = try make("concept-validity", ["layers=[layer3, layer3]"]) }.contains("one twice"))
  }

  @Test("say of networks that have not learned their task that nothing can be judged, and repeat nothing", .tags(.slow))
  func uninformative() throws {
    try withTemporaryDirectory { folder in
      Threads.use(1)
      func report() throws -> String {
        let url = try make(
          "concept-validity",
          [
            "train=200", "epochs=2", "probe-images=2", "position-images=2", "levels=[two-colours]", "layers=[layer3]",
            "settings=main",
          ], root: folder
        ).run()
        let text = try String(contentsOf: url, encoding: .utf8)
        return text.components(separatedBy: "## Provenance")[0]
      }
      let first = try report()
      #expect(
        first.contains("**not testable** (network a of seed 1 has ") && first.contains("at least 95 % are needed"))
      let runs = folder.appendingPathComponent("runs")
      let stored = try Fingerprints.tensors(below: runs)
      // The second time nothing is trained or measured again.
      #expect(try report() == first)
      #expect(try Fingerprints.tensors(below: runs) == stored)
      // Other settings must not go on with these weights.
      let error = #expect(throws: InputError.self) {
        _ = try make("concept-validity", ["train=200", "epochs=3", "levels=[two-colours]"], root: folder).run()
      }
      #expect(error?.description.contains("belongs to another recipe") == true)
    }
  }
}
