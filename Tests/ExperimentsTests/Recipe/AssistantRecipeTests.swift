import Experiments
import Support
import Testing

@Suite("A recipe in which several networks teach")
struct AssistantRecipeTests {
  private static let head = """
    name: small
    data: { set: part-shapes }
    teacher: { model: resnet20, epochs: 4 }
    student: { model: resnet8 }
    training: { epochs: 6 }

    """
  private static let kd = "distillation: [ { method: kd } ]"

  @Test("is written out so that reading it gives an equal one, and has the hash of before where nothing is named")
  func canonical() throws {
    let recipe = try read(
      Self.head + """
        assistants:
          middle: { model: resnet14, shortcut: pad, \(Self.kd) }
          low: { model: cnn4, teacher: middle, \(Self.kd) }
        students:
          chain: { teacher: low, \(Self.kd) }
          early: { teacher: { epoch: 2 }, \(Self.kd) }
          again: { teacher: { by: chain, epoch: 3 }, \(Self.kd) }
          plain: { teacher: teacher, \(Self.kd) }
        """)
    #expect(recipe.assistants.map(\.name) == ["middle", "low"] && recipe.students.count == 4)
    #expect(recipe.assistants[0].model?.options.values["shortcut"] == .text("pad"))
    #expect(recipe.students[3].lesson == nil)
    #expect(try read(recipe.canonicalYAML) == recipe)
    let plain = try read(Self.head + Self.kd)
    #expect(!plain.canonicalYAML.contains("assistants") && !plain.canonicalYAML.contains("by:"))
  }

  static let impossible: [(String, String)] = [
    ("students: { a: { teacher: b, \(kd) } }", "there is no teacher, assistant or student 'b'"),
    ("students: { a: { teacher: a, \(kd) } }", "a is its own teacher"),
    ("students: { a: { teacher: baseline, \(kd) } }", "the baseline is nobody's teacher"),
    (
      "students: { a: { teacher: b, \(kd) }, b: { teacher: a, \(kd) } }", "the chain of teachers loops: a ← b ← a"
    ),
    (
      "students: { a: { teacher: c, \(kd) }, b: { teacher: a, \(kd) }, c: { teacher: b, \(kd) } }",
      "the chain of teachers loops: a ← c ← b ← a"
    ),
    ("students: { a: { teacher: { epoch: 5 }, \(kd) } }", "teacher has 4 epochs, and epoch is 5; it takes 0 to 4"),
    ("students: { a: { teacher: { epoch: -1 }, \(kd) } }", "epoch is -1; it takes a number from 0"),
    ("students: { a: { teacher: { epoch: 0.5 }, \(kd) } }", "the weights of teacher at epoch 0.5 are not kept"),
    ("students: { a: { teacher: {}, \(kd) } }", "teacher names nobody"),
    ("students: { a: { teacher: { of: b }, \(kd) } }", "'of' is no key of "),
    (
      "students: { a: { teacher: { by: b, epoch: 7 }, \(kd) }, b: { \(kd) } }", "b has 6 epochs, and epoch is 7"
    ),
    ("assistants: { m: { model: resnet14, \(kd) } }\nstudents: { a: { \(kd) } }", "assistant m teaches nobody"),
    ("assistants: { m: { \(kd) } }\nstudents: { a: { teacher: m, \(kd) } }", "model"),
    ("assistants: { m: { model: resnet14 } }\nstudents: { a: { teacher: m, \(kd) } }", "m learns nothing"),
    (
      "assistants: { m: { model: resnet15, \(kd) } }\nstudents: { a: { teacher: m, \(kd) } }", "resnet15"
    ),
    (
      "assistants: { m: { model: resnet14, colour: red, \(kd) } }\nstudents: { a: { teacher: m, \(kd) } }", "'colour'"
    ),
    ("assistants: { teacher: { model: resnet14, \(kd) } }\nstudents: { a: { \(kd) } }", "cannot be called 'teacher'"),
    ("assistants: { a: { model: resnet14, \(kd) } }\nstudents: { a: { \(kd) } }", "an assistant are called 'a'"),
    ("assistants: {}\nstudents: { a: { \(kd) } }", "assistants is empty"),
    ("assistants: { m: { model: resnet14, \(kd) } }\n\(kd)", "there are none"),
    (
      "assistants: { m: { model: cnn2, \(kd) } }\nstudents: { a: { teacher: m, distillation: [ { method: feature-l2, "
        + "layers: [layer3] } ] } }", "layer3"
    ),
  ]

  @Test("is refused at its place where nobody could be taught so", arguments: impossible)
  func refused(_ text: String, _ reason: String) {
    let error = #expect(throws: InputError.self) { try read(Self.head + text) }
    let line = error?.description ?? ""
    #expect(line.hasPrefix("r.yaml:") && line.contains(reason) && !line.contains("\n"), "\(line)")
  }
}
