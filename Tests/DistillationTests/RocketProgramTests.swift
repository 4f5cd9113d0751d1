import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite("A rocket")
struct RocketProgramTests {
  private let images = batch(8)

  private func program(
    _ student: any Network, _ booster: String = "resnet14", _ options: [String: OptionValue] = [:],
    weight: Float = 0.03,
    labels: Float = 1
  ) throws -> RocketProgram {
    let setup = setup(student, try network(booster, seed: 5))
    let method = try #require(try MethodRegistry.make("rocket", options, setup) as? any ProgramMethod)
    let frame = ProgramFrame(student: student, labelWeight: labels, weight: weight) {
      SGD([ParameterGroup($0, weightDecay: 0.01)], momentum: 0.9)
    }
    return try #require(try method.program(frame) as? RocketProgram)
  }

  private func step(_ program: RocketProgram, _ number: Int) throws -> [Float] {
    try program.step(
      images, TrainingClock(step: number, epochs: 1, stepsPerEpoch: 8), learningRate: 0.05, random: Philox(seed: 1))
  }

  private func values(_ network: any Network, _ isIncluded: (String) -> Bool) -> [[Float]] {
    network.namedParameters.filter { isIncluded($0.name) }.map(\.parameter.tensor.floats)
  }

  private func isShared(_ name: String) -> Bool {
    ["conv1.", "bn1.", "layer1.0."].contains { name.hasPrefix($0) }
  }

  @Test("keeps one set of lower weights and statistics, as deep as the first stages agree")
  func sharing() throws {
    let student = try network("resnet8", seed: 1)
    let program = try program(student)
    let first = values(student, isShared)
    for number in 0..<3 { _ = try step(program, number) }
    let (own, other) = (values(student, isShared), values(program.booster, isShared))
    #expect(own.count == 15 && own == other)
    #expect(zip(own, first).allSatisfy { $0 != $1 })
    // Each batch counts once in the statistics: one of a tenth, not two.
    let (alone, pass) = (try network("resnet8", seed: 1), ForwardPass(.training))
    _ = alone(images.images, pass)
    let fresh = try network("resnet8", seed: 1)
    _ = try step(try self.program(fresh), 0)
    #expect(values(fresh) { $0.hasPrefix("bn1.running") } == values(alone) { $0.hasPrefix("bn1.running") })
  }

  @Test("adds up the gradients of both networks at the shared weights")
  func gradient() throws {
    func moved(labels: Float, booster: Bool) throws -> [Float] {
      let student = try network("resnet8", seed: 1)
      let weight = try #require(student.namedParameters.first { $0.name == "conv1.weight" }).parameter.tensor
      let before = weight.floats
      let program = try program(student, weight: 0, labels: labels)
      _ = try step(program, 0)
      return zip(weight.floats, before).map { $0 - $1 }
    }
    let (both, upper) = (try moved(labels: 1, booster: true), try moved(labels: 0, booster: true))
    // What the labels of the light network add does not depend on how often they count.
    let twice = try moved(labels: 2, booster: true)
    for i in both.indices { #expect(abs(twice[i] - 2 * both[i] + upper[i]) < 2e-6) }
    #expect(both != upper && upper.contains { $0 != 0 })
  }

  @Test(
    "pulls the light network to the booster and never the booster to it",
    arguments: ["logits", "probabilities", "last-hidden"])
  func block(_ hint: String) throws {
    func trained(weight: Float) throws -> (light: [[Float]], booster: [[Float]]) {
      let student = try network("resnet8", seed: 1)
      let program = try program(student, "resnet14", ["hint": .text(hint)], weight: weight)
      _ = try step(program, 0)
      return (values(student) { _ in true }, values(program.booster) { !isShared($0) })
    }
    let (without, with) = (try trained(weight: 0), try trained(weight: 3))
    #expect(without.booster == with.booster)
    #expect(without.light != with.light)
  }

  @Test("compares what it says: the sum over the values of an image, the mean over the images")
  func value() throws {
    let (student, teacher) = (try network("cnn2", seed: 1), try network("cnn4", seed: 2))
    for (hint, own, other) in [
      ("logits", student.logits(images.images).floats, teacher.logits(images.images).floats),
      ("probabilities", student.logits(images.images).softmax().floats, teacher.logits(images.images).softmax().floats),
    ] {
      let method = try MethodRegistry.make("rocket", ["hint": .text(hint)], setup(student, teacher))
      let expected = zip(own, other).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) } / 8
      #expect(abs(Double(method.loss(method.step(student, teacher, images)).item) / expected - 1) < 1e-5)
    }
  }

  @Test("refuses lower layers that differ, and says how deep they agree")
  func refused() throws {
    let student = try network("resnet8", seed: 1)
    for (booster, options, expected) in [
      ("resnet14", "layer1", "resnet8 and resnet14 differ up to layer1; share: layer1.0 is possible"),
      ("resnet14", "layer9", "resnet8 has no layer 'layer9'; "),
      ("cnn2", "conv1", "resnet8 and cnn2 differ up to conv1; share: none"),
    ] {
      let error = #expect(throws: InputError.self) { try program(student, booster, ["share": .text(options)]) }
      #expect(error?.description.hasPrefix("r.yaml:5:3: \(expected)") ?? false, "\(error?.description ?? "")")
    }
    #expect(try step(program(student, "cnn2", ["share": .text("none")]), 0).count == 3)
  }
}
