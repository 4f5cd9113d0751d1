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
    #expect(line { _ = try make("concept-validity", ["part=nose"]) }.contains("head"))
    #expect(line { _ = try make("concept-validity", ["layers=[layer9]"]) }.contains("resnet8 has no layer 'layer9'"))
    #expect(line { _ = try make("concept-validity", ["layers=[fc]"]) }.contains("'fc' is no map"))
    #expect(line { _ = try make("concept-validity", ["layers=[layer3, layer3]"]) }.contains("one twice"))
  }

  /// The line of the error that a run ends in.
  private func ending(_ assignments: [String], in folder: URL) -> String {
    do {
      return try make("concept-validity", assignments, root: folder).run().path
    } catch {
      return "\(error)"
    }
  }

  @Test("end where the network has not learned its task, keep what was trained, and say what to do", .tags(.slow))
  func uninformative() throws {
    try withTemporaryDirectory { folder in
      Threads.use(1)
      let settings = ["train=200", "epochs=2", "probe-images=4"]
      // The second time nothing is trained again.
      let (first, second) = (ending(settings, in: folder), ending(settings, in: folder))
      #expect(first == second)
      #expect(first.contains("seed 1 answers") && first.contains("needed 62.5 %"))
      #expect(first.contains("train longer with --set epochs="))
      let trained = folder.appendingPathComponent("runs/concept-validity/seed-1")
      let kept = try FileManager.default.contentsOfDirectory(atPath: trained.path).sorted()
      #expect(kept == ["shuffled", "trained"])
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("reports").path))
      // Other settings must not go on with these weights.
      let other = ending(["train=200", "epochs=3"], in: folder)
      #expect(other.contains("belongs to another recipe"))
    }
  }
}
