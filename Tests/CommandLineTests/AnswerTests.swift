import Foundation
import Testing

@Suite("An answer")
struct AnswerTests {
  static let questions = [
    "models", "models list", "models show resnet20", "models show vgg11", "datasets", "datasets show part-shapes",
    "methods", "methods show kd", "methods show feature-l2", "runs", "recipe --example", "recipe --check r.yaml",
    "recipe --check r.yaml --seeds 3 --threads 2 --set name=other",
  ]

  @Test("with --json is one JSON document, with nothing on standard error", arguments: questions)
  func json(_ question: String) throws {
    let outcome = try ask(question + " --json")
    #expect(outcome.exitCode == 0)
    #expect(outcome.messages.isEmpty)
    let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    #expect(document is [String: Any])
  }

  @Test("as text has no escape codes and no blanks at the ends of lines, whatever the terminal", arguments: questions)
  func text(_ question: String) throws {
    for environment in [["NO_COLOR": "1"], ["TERM": "xterm-256color", "CLICOLOR_FORCE": "1"]] {
      let outcome = try ask(question, environment)
      #expect(outcome.exitCode == 0)
      #expect(!outcome.output.isEmpty)
      #expect(!outcome.output.contains("\u{1B}"))
      #expect(!outcome.output.split(separator: "\n").contains { $0.hasSuffix(" ") })
    }
  }

  @Test("about a network has the size that is known")
  func network() throws {
    let page = try object("models show resnet20 --json")
    // The parameters of ResNet-20 for 3 colours and 10 classes with convolutions as shortcuts.
    #expect(page["parameters"] as? Int == 272_474)
    let layers = try #require(page["layers"] as? [[String: Any]])
    let names = layers.compactMap { $0["name"] as? String }
    #expect(names.contains("layer3") && names.last == "fc")
  }

  @Test("about a recipe is that recipe with its hash, which changes with it")
  func recipe() throws {
    let plain = try object("recipe --check r.yaml --json")
    #expect(plain["name"] as? String == "r")
    let changed = try object("recipe --check r.yaml --json --seed 4 --seeds 2 --set training.epochs=3")
    let recipe = try #require(changed["recipe"] as? [String: Any])
    #expect(recipe["seeds"] as? [Int] == [4, 5])
    #expect((recipe["training"] as? [String: Any])?["epochs"] as? Int == 3)
    let hashes = try [plain, changed].map { try #require($0["sha256"] as? String) }
    #expect(hashes[0].count == 64 && hashes[0] != hashes[1])
    let lines = try ask("recipe --check r.yaml").output.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines[0] == "r.yaml: OK: resnet20 teaches resnet8 by kd on part-shapes, 30 epochs, seed 1")
    #expect(lines[1] == "  trainings  3 networks, 90 epochs")
    // Two students, who begin with the same weights, at seven checkpoints, the last one once more for each epoch of
    // learning, and the teacher; on 64 probe images and 24 pictures without an object.
    let maps: Int = (1 + 2 * 6 + 2 * 5 + 1) * (64 + 24)
    #expect(lines[2] == "  measuring  \(maps) entropy maps")
    #expect(lines[3].hasPrefix("  time       about ") && lines[3].contains(" on this machine, "))
    #expect(lines[4].hasPrefix("  disk       ") && lines[4].hasSuffix(" that are free"))
    #expect(lines[5] == "  shows      1 seed: H1 to H3 are not testable, which takes at least 3")
    let effects = try #require(
      object("recipe --check r.yaml --json --seeds 3")["smallest_effects"] as? [String: Double])
    #expect((effects["H1"] ?? 0) > 0.1)
  }

  @Test("that is the example is a recipe that passes the check, whole and quick", arguments: ["", " --quick"])
  func example(_ variant: String) throws {
    let example = try Program.run(["recipe", "--example"]).output
    let arguments = ("recipe --check example.yaml" + variant).split(separator: " ").map(String.init)
    let outcome = try Program.run(arguments, files: ["example.yaml": example])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("example.yaml: OK: "))
  }

  @Test(
    "that cannot be written ends with exit code 1 and one line", arguments: ["models", "recipe --example", "--help"])
  func fullDisk(_ question: String) throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "\"$0\" $1 2>&1 >/dev/full", Program.executable.path, question]
    let pipe = Pipe()
    shell.standardOutput = pipe
    try shell.run()
    let message = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 1)
    #expect(message.hasPrefix("kdscope: standard output: writing failed (No space left on device)"))
    #expect(message.count { $0 == "\n" } == 1)
  }

  private func ask(_ question: String, _ environment: [String: String] = [:]) throws -> Program.Outcome {
    try Program.run(
      question.split(separator: " ").map(String.init), files: ["r.yaml": Program.recipe], environment: environment)
  }

  private func object(_ question: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(ask(question).output.utf8)) as? [String: Any])
  }
}
