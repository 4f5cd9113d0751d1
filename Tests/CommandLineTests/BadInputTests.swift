import Foundation
import TestSupport
import Testing

@Suite("Input that is wrong", .tags(.cli))
struct BadInputTests {
  /// Runs a line in a folder with a good recipe `tiny.yaml` and the files given; whatever is there stays as it was.
  private func refused(
    _ line: String, _ expected: String, files: [String: Data] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try withTemporaryDirectory { folder in
      try TinyRun.lay(into: folder)
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
      for (name, bytes) in files { try bytes.write(to: folder.appendingPathComponent(name)) }
      let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
      let outcome = try CommandLineTool.run(line.split(separator: " ").map(String.init), in: folder)
      let said = outcome.errors.replacing(folder.path + "/", with: "")
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome.summary)", sourceLocation: sourceLocation)
      #expect(said.hasPrefix("kdscope: \(expected)"), "\(said)", sourceLocation: sourceLocation)
      #expect(said.count { $0 == "\n" } == 1 && said.contains("; "), "\(said)", sourceLocation: sourceLocation)
      let after = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
      #expect(after == before, sourceLocation: sourceLocation)
    }
  }

  static let recipes: [(String, String, String)] = [
    (
      "epochs: 2, batch: 16", "epoch: 2, batch: 16",
      "tiny.yaml:8:13: 'epoch' is no key of training; did you mean 'epochs'?"
    ),
    (
      "model: resnet8", "model: resnet21",
      "tiny.yaml:3:19: there is no model 'resnet21'; resnet comes as resnet8, resnet14,"
    ),
    ("model: cnn2", "model: cnn3", "tiny.yaml:4:19: there is no model 'cnn3'; "),
    (
      "layers: [conv2], probe", "layers: [conv9], probe",
      "tiny.yaml:9:21: cnn2 has no layer 'conv9'; did you mean 'conv1'?"
    ),
    ("[conv2, layer2]", "[conv2, layer7]", "tiny.yaml:7:61: resnet8 has no layer 'layer7'; did you mean 'layer1'?"),
    (
      "[conv2, layer2]", "[conv2, layer3]",
      "tiny.yaml:7:61: the student's conv2 is [8, 8, 64] and the teacher's layer3 is"
    ),
    ("set: part-shapes", "set: part-shape", "tiny.yaml:2:14: there is no data set 'part-shape'; did you mean"),
    ("method: kd", "method: kdd", "tiny.yaml:6:64: there is no method 'kdd'; did you mean 'kd'?"),
    ("size: 16", "size: 8", "tiny.yaml:2:33: size is 8; it takes a whole number from 16 to 128"),
    ("model: cnn2", "model: vgg11", "tiny.yaml:4:19: vgg11 halves its input 5 times, and 16×16 pixels are too few;"),
    (
      "model: resnet8", "model: resnet8, checkpoint: none.safetensors",
      "tiny.yaml:3:40: checkpoint 'none.safetensors' cannot"
    ),
    ("name: tiny", "name: [", "tiny.yaml:"), ("name: tiny", "name: ../up", "tiny.yaml:1:7: name is '../up'; it takes"),
  ]

  @Test("in a recipe is refused with file, line and column before any work", arguments: recipes, ["run", "train"])
  func recipe(_ change: (String, String, String), _ command: String) throws {
    #expect(TinyRun.recipe.contains(change.0))
    try refused(
      "\(command) wrong.yaml", change.2.replacing("tiny.yaml", with: "wrong.yaml"),
      files: ["wrong.yaml": Data(TinyRun.recipe.replacing(change.0, with: change.1).utf8)])
  }

  static let lines: [(String, String)] = [
    ("run none.yaml", "none.yaml: no such file; give the path of a recipe"),
    ("run data", "data: is a folder; a recipe, a page of YAML, is expected"),
    ("run tiny.yaml --set training.epoch=3", "--set training.epoch: 'epoch' is no key of training; did you mean"),
    (
      "run tiny.yaml --set analysis.layers=[layer3]",
      "--set analysis.layers: cnn2 has no layer 'layer3'; known: avgpool,"
    ),
    (
      "train tiny.yaml --role studnet",
      "--role: there is no network 'studnet'; known: baseline, features, logits, teacher"
    ),
    ("analyze tiny", "tiny: there is no such run; give its name, or the path of its folder with recipe.yaml"),
    ("report nothing", "nothing: there is no such run; give its name"),
    (
      "run tiny.yaml --out /proc/kdscope",
      "/proc/kdscope: the folder cannot be made (No such file or directory); choose"
    ),
    ("run tiny.yaml --out tiny.yaml", "tiny.yaml/runs/tiny: the folder cannot be made (Not a directory); choose"),
    ("run tiny.yaml --out tiny.yaml/below", "tiny.yaml/below/runs/tiny: the folder cannot be made (Not a directory)"),
    ("train tiny.yaml --out /dev/null/x", "/dev/null/x/runs/tiny: the folder cannot be made (Not a directory); choose"),
  ]

  @Test("on the command line is refused by its name", arguments: lines)
  func line(_ line: String, _ expected: String) throws { try refused(line, expected) }

  @Test(
    "because a result's folder is a file is found before the hours of training",
    arguments: ["reports", "notebooks-data"])
  func results(_ name: String) throws {
    try refused(
      "run tiny.yaml", "\(name)/tiny: the folder cannot be made (Not a directory); choose", files: [name: Data()])
  }

  private static func digits(_ labels: Data) -> [String: Data] {
    let images = Data([0, 0, 8, 3, 0, 0, 0, 100, 0, 0, 0, 4, 0, 0, 0, 4]) + Data(count: 1600)
    return ["data/train-labels-idx1-ubyte.gz": labels, "data/train-images-idx3-ubyte": images]
  }

  /// A gzip file of one stored block that claims 108 bytes.
  private static let packed = Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 108, 0, 147, 255, 0, 0, 8, 1, 0, 0, 0, 100])

  @Test(
    "in a data file is refused with its path",
    arguments: [
      (digits(packed), "data/train-labels-idx1-ubyte.gz: the gzip stream is cut short; the file is truncated"),
      (
        digits(packed.prefix(12)),
        "data/train-labels-idx1-ubyte.gz: the gzip stream is cut short; the file is truncated"
      ),
      (
        digits(packed.prefix(10) + [7]),
        "data/train-labels-idx1-ubyte.gz: the gzip stream is damaged (invalid block type)"
      ),
      (
        digits(Data("no IDX".utf8)),
        "data/train-labels-idx1-ubyte.gz: starts with 6e 6f 20 49, which is not an IDX file;"
      ),
      (
        digits(Data([0, 0, 8, 1, 0, 0, 0, 30, 1])),
        "data/train-labels-idx1-ubyte.gz: declares 30 values, more than the file"
      ),
      ([:], "data: holds no train-images-idx3-ubyte, plain or .gz; give the folder with all four files"),
    ])
  func data(_ files: [String: Data], _ expected: String) throws {
    let recipe = """
      data: { set: mnist, path: data }
      teacher: { model: resnet8 }
      student: { model: resnet8 }
      distillation: [ { method: kd } ]
      analysis: { grid: 14 }
      """
    try refused("run digits.yaml", expected, files: files.merging(["digits.yaml": Data(recipe.utf8)]) { $1 })
  }

  @Test("such as a teacher that does not fit is refused with what would be right")
  func teacher() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      try TinyRun.lay(into: folder)
      for (model, checkpoint, options, expected) in [
        ("resnet14", "own", "", "own.safetensors: the teacher is a resnet8; the recipe says resnet14"),
        (
          "resnet8", "own", " --set data.size=32",
          "own.safetensors: the teacher takes images of 16x16 pixels; part-shapes has"
        ),
        (
          "resnet8", "own", " --set data.label=head",
          "own.safetensors: the teacher has 10 classes and 3 colours; part-shapes has"
        ),
        ("resnet14", "foreign", "", "foreign.safetensors: tensor 'layer1.1.conv1.weight' of resnet14 is missing; "),
        ("resnet8", "x", "", "x.safetensors: the tensors are not those of resnet8; check --model"),
      ] {
        let recipe = TinyRun.recipe.replacing(
          "teacher: { model: resnet8 }", with: "teacher: { model: \(model), checkpoint: \(checkpoint).safetensors }")
        try Data(recipe.utf8).write(to: folder.appendingPathComponent("t.yaml"))
        let line = "run t.yaml\(options)".split(separator: " ").map(String.init)
        let outcome = try CommandLineTool.run(line, in: folder)
        let said = outcome.errors.replacing(folder.path + "/", with: "")
        #expect(outcome.failed(2, "") && said.hasPrefix("kdscope: \(expected)"), "\(outcome.summary)")
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("runs").path))
      }
    }
  }
}
