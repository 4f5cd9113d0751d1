import Foundation
import TestSupport
import Testing

/// Everything that a recipe of many networks can say wrongly: `recipe --check` and `run` refuse it in the same line.
@Suite("A bad recipe", .tags(.cli, .slow))
struct BadRecipeTests {
  static let recipe = """
    name: bad
    data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24 }
    teacher: { model: resnet14, epochs: 2 }
    student: { model: resnet8 }
    assistants:
      small: { model: cnn2, distillation: [ { method: kd } ] }
    students:
      first: { teacher: small, distillation: [ { method: kd } ] }
      second: { distillation: [ { method: feature-l2 } ] }
    training: { epochs: 3, batch: 16 }
    analysis: { layers: [layer3], probe-images: 2, grid: 4 }
    seeds: 2

    """

  /// What is changed, into what, and how the line begins that refuses it.
  static let bad: [(from: String, to: String, line: String)] = [
    ("teacher: small", "teacher: smal", "bad.yaml:8:21: there is no teacher, assistant or student 'smal'"),
    ("teacher: small", "teacher: first", "bad.yaml:8:21: first is its own teacher"),
    ("teacher: small", "teacher: baseline", "bad.yaml:8:21: the baseline is nobody's teacher"),
    ("teacher: small", "teacher: { by: small, epoch: 9 }", "bad.yaml:8:21: small has 3 epochs, and epoch is 9"),
    ("teacher: small", "teacher: { epoch: 9 }", "bad.yaml:8:21: teacher has 2 epochs, and epoch is 9"),
    ("teacher: small", "teacher: { epoch: 0.5 }", "bad.yaml:8:21: the weights of teacher at epoch 0.5 are not kept"),
    ("teacher: small", "teacher: {}", "bad.yaml:8:21: teacher names nobody"),
    ("teacher: small", "teacher: { of: small }", "bad.yaml:8:23: 'of' is no key of students.first.teacher"),
    ("teacher: small, ", "", "bad.yaml:6:10: assistant small teaches nobody"),
    ("teacher: small", "teacher: 3", "bad.yaml:8:21: there is no teacher, assistant or student '3'"),
    (
      "{ model: cnn2, distillation", "{ model: cnn2, teacher: first, distillation",
      "bad.yaml:6:34: the chain of teachers loops: small ← first ← small"
    ),
    (
      "{ model: cnn2, distillation", "{ model: cnn2, teacher: small, distillation",
      "bad.yaml:6:34: small is its own teacher"
    ),
    ("  small: {", "  first: {", "bad.yaml:6:10: a student and an assistant are called 'first'"),
    ("  small: {", "  teacher: {", "bad.yaml:6:3: an assistant cannot be called 'teacher'"),
    ("  first: {", "  baseline: {", "bad.yaml:8:3: a student cannot be called 'baseline'"),
    ("  first: {", "  a/b: {", "bad.yaml:8:3: a student cannot be called 'a/b'"),
    ("{ model: cnn2, distillation", "{ distillation", "bad.yaml:6:10: assistants.small.model is missing"),
    ("{ model: cnn2, distillation", "{ model: cnn9, distillation", "bad.yaml:6:19: there is no model 'cnn9'"),
    ("  small: { model: cnn2, distillation: [ { method: kd } ] }", "  {}", "bad.yaml:6:3: assistants is empty"),
    (
      "teacher: { model: resnet14, epochs: 2 }\n", "",
      "bad.yaml:8:29: feature-l2 learns from a teacher, and the recipe has none"
    ),
    (
      "{ model: resnet14, epochs: 2 }", "{ model: resnet14, epochs: 2, checkpoint: none.pth }",
      "bad.yaml:3:37: epochs are given for a teacher that is read from a checkpoint"
    ),
    (
      "{ model: resnet14, epochs: 2 }", "{ model: resnet14, checkpoint: none.pth }",
      "bad.yaml:3:41: checkpoint 'none.pth' cannot be read"
    ),
    ("{ model: resnet14, epochs: 2 }", "{ model: resnet14, checkpoint: bad.yaml }", "bad.yaml: is a text file"),
    (
      "{ model: resnet14, epochs: 2 }", "{ model: resnet14, checkpoint: other.safetensors }",
      "other.safetensors: the teacher is a resnet8"
    ),
    (
      "{ model: resnet14, epochs: 2 }", "{ checkpoint: other.safetensors, epochs: 2 }",
      "bad.yaml:3:51: epochs are given for a teacher that is read from a checkpoint"
    ),
    (
      "{ model: resnet14, epochs: 2 }", "{ model: resnet14, key: state_dict }",
      "bad.yaml:3:34: key is given for a teacher that is trained here"
    ),
    (
      "{ model: resnet14, epochs: 2 }", "{ model: resnet14, normalization: imagenet }",
      "bad.yaml:3:44: normalization is given for a teacher that is trained here"
    ),
    ("{ model: resnet14, epochs: 2 }", "{ model: resnet14, epochs: 0 }", "bad.yaml:3:37: epochs is 0"),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { teacher: first, distillation: [ { method: label-smoothing } ] }",
      "bad.yaml:9:22: label-smoothing asks no teacher"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: dml, peers: [resnet99] } ] }",
      "bad.yaml:9:29: ResNet depth 99 does not exist"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: dml, peers: 3 } ] }", "bad.yaml:9:51: peers is 3"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: dml }, { method: kd } ] }", "bad.yaml:9:27: dml trains in a way of its own"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { schedule: two-stage, distillation: [ { method: dml } ] }",
      "bad.yaml:9:48: dml trains in a way of its own"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: mean-teacher, decay: 2 } ] }", "bad.yaml:9:60: decay is 2"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }", "  second: { distillation: [ { method: ca-mkd } ] }",
      "bad.yaml:9:29: ca-mkd weighs teachers against each other, and there is one"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: ca-mkd, further-teachers: [none.pth] } ] }", "none.pth: no such file"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: multi-average, further-teachers: [bad.yaml] } ] }",
      "bad.yaml: is a text file"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: multi-average, further-teachers: [other.safetensors], ensemble-weights: [1] } ] }",
      "bad.yaml:9:93: 'ensemble-weights' is no key of distillation.0"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: kd, further-teachers: [other.safetensors] } ] }",
      "other.safetensors: the teacher classifies "
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: kd, temperature: 0 } ] }", "bad.yaml:9:56: temperature is 0"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: kd, weight: -1 } ] }", "bad.yaml:9:51: weight is -1"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }", "  second: { distillation: [ { method: kdd } ] }",
      "bad.yaml:9:39: there is no method 'kdd'"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }", "  second: { distillation: [ { temperature: 4 } ] }",
      "bad.yaml:9:29: distillation.0.method is missing"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }", "  second: { distillation: [  ] }",
      "bad.yaml:9:27: second learns nothing from the teacher"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: feature-l2, layers: [layer9] } ] }",
      "bad.yaml:9:59: resnet8 has no layer 'layer9'"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: feature-l2, layers: [layer2, layer3] } ] }",
      "bad.yaml:9:59: the student's layer2 is [8, 8, 32] and the teacher's layer3 is [4, 4, 64]"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { schedule: two-stage, distillation: [ { method: kd } ] }",
      "bad.yaml:9:23: kd learns from logits, and a two-stage student learns features first"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { classifier-epochs: 2, distillation: [ { method: kd } ] }",
      "bad.yaml:9:32: second has no second stage"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { budget: all, distillation: [ { method: kd } ] }", "bad.yaml:9:21: budget is all"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { measure: [layer7], distillation: [ { method: kd } ] }",
      "bad.yaml:9:22: resnet8 has no layer 'layer7'"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { labels: { weight: 0 }, distillation: [ { method: kd, weight: 0 } ] }",
      "bad.yaml:9:50: all weights are 0"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { budget: total, distillation: [ { method: fsp, flow-epochs: 5 } ] }",
      "bad.yaml:9:21: the stage 'flows' of fsp takes 5 of training.epochs, which is 3"
    ),
    ("epochs: 3, batch: 16", "epochs: 0, batch: 16", "bad.yaml:10:21: epochs is 0"),
    ("epochs: 3, batch: 16", "epochs: 3, batch: 1", "bad.yaml:10:31: batch is 1"),
    ("epochs: 3, batch: 16", "epochs: 3, batch: 16, warm-up: 3", "bad.yaml:10:44: warm-up takes 3 of 3 epochs"),
    ("epochs: 3, batch: 16", "epochs: 3, batch: 16, optimizer: lion", "bad.yaml:10:46: optimizer is lion"),
    (
      "epochs: 3, batch: 16", "epochs: 3, batch: 16, optimizer: adam, momentum: 0.9",
      "bad.yaml:10:62: adam has no momentum"
    ),
    ("epochs: 3, batch: 16", "epochs: 3, batch: 16, schedule: { kind: linear }", "bad.yaml:10:53: kind is linear"),
    ("epochs: 3, batch: 16", "epochs: 3, batch: 16, learning-rate: 0", "bad.yaml:10:50: learning-rate is 0"),
    (
      "epochs: 3, batch: 16", "epochs: 3, batch: 16, keep: last",
      "bad.yaml:10:41: keeps no epoch but the last, and analysis needs more"
    ),
    ("epochs: 3, batch: 16", "epochs: 3, batch: 16, checkpoints: [4.5]", "bad.yaml:10:48: checkpoints cannot be used"),
    ("epochs: 3, batch: 16", "epoch: 3, batch: 16", "bad.yaml:10:13: 'epoch' is no key of training"),
    ("layers: [layer3]", "layers: [layer9]", "bad.yaml:11:21: resnet8 has no layer 'layer9'"),
    ("grid: 4", "grid: 5", "bad.yaml:11:54: grid 5 does not divide images of 16 pixels"),
    ("grid: 4", "grid: 4, epochs: [0, 9]", "bad.yaml:11:65: epochs cannot be used"),
    ("grid: 4", "grid: 4, epochs: [0, 0.5, 3]", "bad.yaml:11:65: the weights at epoch 0.5 are not kept"),
    ("grid: 4", "grid: 4, position: middle", "bad.yaml:11:67: position is middle"),
    ("grid: 4", "grid: 4, thresholds: [-1]", "bad.yaml:11:69: thresholds cannot be used"),
    ("probe-images: 2", "probe-images: 0", "bad.yaml:11:45: probe-images is 0"),
    ("seeds: 2", "seeds: 0", "bad.yaml:12:8: seeds is 0"),
    ("seeds: 2", "seeds: [1, 1]", "bad.yaml:12:8: seeds cannot be used"),
    ("seeds: 2", "seeds: 2\nthreads: 4096", "bad.yaml:13:10: threads is 4096"),
    ("set: part-shapes", "set: partshape", "bad.yaml:2:14: there is no data set 'partshape'"),
    ("size: 16", "size: 7", "bad.yaml:2:33: size is 7"),
    ("train: 64", "train: 4", "bad.yaml:2:60: 40 development images against 4 for training"),
    ("assistants:", "teachers: {}\nassistants:", "bad.yaml:5:11: teachers is empty"),
    ("assistants:", "teachers:\n  big: { model: resnet8 }\nassistants:", "bad.yaml:6:8: teacher big teaches nobody"),
    (
      "assistants:", "teachers:\n  first: { model: resnet8 }\nassistants:",
      "bad.yaml:6:10: a student and a teacher are called 'first'"
    ),
    (
      "assistants:", "teachers:\n  small: { model: resnet8 }\nassistants:",
      "bad.yaml:6:10: an assistant and a teacher are called 'small'"
    ),
    (
      "assistants:", "teachers:\n  baseline: { model: resnet8 }\nassistants:",
      "bad.yaml:6:3: a teacher cannot be called 'baseline'"
    ),
    (
      "assistants:", "teachers:\n  big: { checkpoint: none.pth }\nassistants:",
      "bad.yaml:6:22: checkpoint 'none.pth' cannot be read"
    ),
    ("assistants:", "teachers:\n  big: { modle: resnet8 }\nassistants:", "bad.yaml:6:8: teachers.big.model is missing"),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: multi-average, further-teachers: [second] } ] }",
      "bad.yaml:9:27: second is its own teacher"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: multi-average, further-teachers: [secnod] } ] }",
      "bad.yaml:9:29: there is no teacher, assistant or student 'secnod', and no such file"
    ),
    (
      "  second: { distillation: [ { method: feature-l2 } ] }",
      "  second: { distillation: [ { method: feature-l2, further-teachers: [first] } ] }",
      "bad.yaml:9:51: 'further-teachers' is no key of distillation.0; feature-l2 takes layers, method, position, "
        + "weight; methods with further-teachers: "
    ),
    (
      "second: { distillation", "second: { teacher-view: clear, distillation",
      "bad.yaml:9:27: teacher-view is clear; did you mean 'clean'?"
    ),
    (
      "second: { distillation: [ { method: feature-l2 } ] }",
      "second: { teacher-view: clean, distillation: [ { method: dml } ] }",
      "bad.yaml:9:27: teacher-view is clean, and no method asks a teacher what it says"
    ),
    (
      "second: { distillation: [ { method: feature-l2 } ] }",
      "second: { teacher-view: clean, distillation: [ { method: mlkd } ] }",
      "bad.yaml:9:27: teacher-view is clean, and mlkd shows images in a way of its own"
    ),
    (
      "second: { distillation", "second: { teacher-view: another, schedule: two-stage, distillation",
      "bad.yaml:9:27: teacher-view is another, and a two-stage student sees images as its teacher does"
    ),
    ("second: { distillation", "second: { omit: [], distillation", "bad.yaml:9:19: omit is empty"),
    ("second: { distillation", "second: { omit: [3, 3], distillation", "bad.yaml:9:19: omit names a class twice"),
    ("second: { distillation", "second: { omit: [lake], distillation", "second.omit: there is no class 'lake'"),
    ("second: { distillation", "second: { omit: [10], distillation", "second.omit: there is no class '10'"),
    (
      "second: { distillation", "second: { omit: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], distillation",
      "second.omit: no training image is left"
    ),
    ("name: bad", "name: ../up", "bad.yaml:1:7: name is '../up'"),
    ("name: bad", "name: bad\nname: worse", "bad.yaml:1:1: 'name' is given more than once"),
    ("name: bad", "nmae: bad", "bad.yaml:1:1: 'nmae' is no key of a recipe"),
    ("seeds: 2", "seeds: [1", "bad.yaml:13:1: not YAML (did not find expected ',' or ']')"),
  ]

  @Test("is refused by check and run in the same line, with exit code 2, and leaves nothing")
  func refused() throws {
    try withTemporaryDirectory { folder in
      let other = Self.recipe.replacing("name: bad", with: "name: other").replacing(
        "resnet14, epochs: 2", with: "resnet8")
      try Data(other.utf8).write(to: folder.appendingPathComponent("other.yaml"))
      let trained = try CommandLineTool.run(
        ["train", "other.yaml", "--role", "teacher", "--quiet", "--set", "training.epochs=1"], in: folder)
      #expect(trained.code == 0, "\(trained.summary)")
      try FileManager.default.copyItem(
        at: folder.appendingPathComponent("runs/other/seed-1/teacher/epoch-001.safetensors"),
        to: folder.appendingPathComponent("other.safetensors"))
      try FileManager.default.removeItem(at: folder.appendingPathComponent("runs"))
      let file = folder.appendingPathComponent("bad.yaml")
      try Data().write(to: file)
      let before = Fingerprints.files(below: folder).sorted()
      #expect(Self.bad.count >= 80)
      for (from, to, line) in Self.bad {
        let range = try #require(Self.recipe.range(of: from), "\(from)")
        try Data(Self.recipe.replacingCharacters(in: range, with: to).utf8).write(to: file)
        let check = try CommandLineTool.run(["recipe", "--check", "bad.yaml"], in: folder)
        let said = check.errors.replacing(folder.path + "/", with: "")
        #expect(check.code == 2 && said.hasPrefix("kdscope: \(line)"), "\(to): \(said) instead of \(line)")
        #expect(check.errors.split(separator: "\n").count == 1, "\(to)")
        let run = try CommandLineTool.run(["run", "bad.yaml", "--quiet"], in: folder)
        #expect(run.code == 2 && run.errors == check.errors, "\(to): \(run.summary)")
        #expect(Fingerprints.files(below: folder).sorted() == before, "\(to)")
      }
    }
  }
}
