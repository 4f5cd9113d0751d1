import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("feature-l2")
struct FeatureL2Tests {
  @Test(
    "has the value and the gradients of PyTorch in float64", .tags(.golden),
    arguments: ["map", "vector", "map-one-image", "map-large", "map-projected", "vector-projected"])
  func golden(_ kind: String) throws {
    let file = try Golden.load("distillation")
    func values(_ part: String) throws -> StoredTensor { try #require(file["feature-l2-\(kind)/\(part)"]) }
    let student = try channelsLast(values("input.0"))
    let teacher = try channelsLast(values("input.1"))
    student.setRequiresGradient(true)
    func output(_ feature: Tensor) -> Shape { Shape(Array(feature.shape.dimensions.dropFirst())) }
    let method = try MethodRegistry.make(
      "feature-l2", ["layers": .list([.text("s"), .text("t")])],
      setup(FeatureNetwork(["s": output(student)]), FeatureNetwork(["t": output(teacher)])))
    let isProjected = kind.hasSuffix("projected")
    #expect(method.parameters.map(\.name) == (isProjected ? ["projection.weight"] : []))
    if isProjected {
      let weight = try values("input.2")
      method.parameters[0].parameter.assign(Tensor(try weight.floats(), shape: Shape(weight.shape)))
    }
    let network = FeatureNetwork(["s": output(student)])
    let passes = (student: ForwardPass(.training, features: ["s"]), teacher: ForwardPass(.evaluation, features: ["t"]))
    passes.student.offer(student, as: ["s"])
    passes.teacher.offer(teacher, as: ["t"])
    let logits = Tensor.zeros([student.shape[0], 10])
    let loss = method.loss(
      KnowledgeStep(
        student: network, teacher: network, batch: batch(student.shape[0]), clock: clock,
        studentLogits: logits, teacherLogits: logits, studentPass: passes.student, teacherPass: passes.teacher,
        random: Philox(seed: 1)))
    try expectClose([loss.item], values("output").doubles(), relative: 1e-5, absolute: 0)

    let found = gradients(
      of: loss * (try values("upstream").floats()[0]), with: [student] + method.parameters.map(\.parameter.tensor))
    let first = found[0].shape.rank == 4 ? found[0].permuted([0, 3, 1, 2]) : found[0]
    let size = try values("gradient.0").doubles().reduce(0) { max($0, abs($1)) }
    try expectClose(
      first.floats, values("gradient.0").doubles(), relative: 1e-5, absolute: 1e-6 * size,
      shape: first.shape.dimensions)
    if isProjected {
      let largest = try values("gradient.2").doubles().reduce(0) { max($0, abs($1)) }
      try expectClose(
        found[1].floats, values("gradient.2").doubles(), relative: 1e-5, absolute: 1e-6 * largest,
        shape: found[1].shape.dimensions)
    }
  }

  @Test("takes the last stage where no layer is named, before or after its ReLU", arguments: [false, true])
  func defaultLayer(_ isBefore: Bool) throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
    let options: [String: OptionValue] = isBefore ? ["position": .text("before-relu")] : [:]
    let method = try MethodRegistry.make("feature-l2", options, setup(student, teacher))
    #expect(method.studentFeatures == [FeaturePoint("layer3", preActivation: isBefore)])
    #expect(method.teacherFeatures == [FeaturePoint("layer3", preActivation: isBefore)])
    let seen = method.step(student, teacher, batch(2))
    let feature = seen.studentPass.feature(FeaturePoint("layer3", preActivation: isBefore))
    // Only what comes before the ReLU has negative values.
    #expect(feature.floats.contains { $0 < 0 } == isBefore)
    #expect(method.loss(seen).item > 0)
  }

  static let refused: [([String], String)] = [
    (["layer9"], "resnet8 has no layer 'layer9'; did you mean 'layer1'? known: "),
    (["layer3", "layer9"], "resnet14 has no layer 'layer9'; did you mean"),
    (
      ["layer2", "layer3"],
      "the student's layer2 is [8, 8, 32] and the teacher's layer3 is [4, 4, 64]; choose layers of equal height and width"
    ),
    (["layer3", "fc"], "the student's layer3 is [4, 4, 64] and the teacher's fc is [10]; choose layers"),
    (["layer1", "layer2", "layer3"], "feature-l2 takes one layer; add one term per layer"),
  ]

  @Test("refuses layers that do not exist or do not fit, in one line", arguments: refused)
  func refusals(_ layers: [String], _ expected: String) throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
    let error = #expect(throws: InputError.self) {
      try MethodRegistry.make("feature-l2", ["layers": .list(layers.map(OptionValue.text))], setup(student, teacher))
    }
    let line = error?.description ?? ""
    #expect(line.hasPrefix("r.yaml:5:3: \(expected)"), "\(line)")
    #expect(!line.contains("\n"))
  }
}

/// PyTorch's [N, C, H, W] as [N, H, W, C]; other ranks as they are.
private func channelsLast(_ stored: StoredTensor) throws -> Tensor {
  let tensor = Tensor(try stored.floats(), shape: Shape(stored.shape))
  return tensor.shape.rank == 4 ? tensor.permuted([0, 2, 3, 1]).detached() : tensor
}

extension FeaturePoint: ExpressibleByStringLiteral {
  /// After the layer's ReLU.
  public init(stringLiteral value: String) { self.init(value) }
}
