import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("semckd")
struct SemCKDTests {
  private func method(_ student: any Network, _ teacher: any Network, batch: Int, images: Int = 8) throws
    -> any DistillationMethod
  {
    let setup = MethodSetup(
      student: student, teacher: teacher, initialiser: Initialiser(seed: 3),
      trainingLabels: Array(repeating: 0, count: images), batchSize: batch, place: "r.yaml:5:3")
    return try MethodRegistry.make("semckd", [:], setup)
  }

  @Test("has the value and the gradients of PyTorch, attention and projectors included", .tags(.golden))
  func golden() throws {
    let file = try Golden.load("semckd")
    func values(_ name: String) throws -> StoredTensor { try #require(file[name]) }
    func maps(_ side: String, _ count: Int) throws -> [Tensor] {
      try (0..<count).map { try channelsLast(values("in/\(side).\($0)")) }
    }
    let (own, other) = (try maps("student", 2), try maps("teacher", 3))
    for map in own { map.setRequiresGradient(true) }
    func shape(_ map: Tensor) -> Shape { Shape(Array(map.shape.dimensions.dropFirst())) }
    let networks = (
      student: FeatureNetwork(["0": shape(own[0]), "1": shape(own[1])]),
      teacher: FeatureNetwork(["0": shape(other[0]), "1": shape(other[1]), "2": shape(other[2])])
    )
    let method = try method(networks.student, networks.teacher, batch: 8)
    for (name, parameter) in method.parameters {
      let stored = try values("in/\(name)")
      parameter.assign(Tensor(try stored.floats(), shape: Shape(stored.shape)))
    }
    let passes = (
      student: ForwardPass(.training, features: method.studentFeatures),
      teacher: ForwardPass(.evaluation, features: method.teacherFeatures)
    )
    for (layer, map) in own.enumerated() { passes.student.offer(map, as: ["\(layer)"]) }
    for (layer, map) in other.enumerated() { passes.teacher.offer(map, as: ["\(layer)"]) }
    let loss = method.loss(
      KnowledgeStep(
        student: networks.student, teacher: networks.teacher, batch: batch(8), clock: clock,
        studentLogits: .zeros([8, 10]), teacherLogits: .zeros([8, 10]), studentPass: passes.student,
        teacherPass: passes.teacher, random: Philox(seed: 1)))
    try expectClose([loss.item], values("loss").doubles(), relative: 1e-5, absolute: 0)

    let asked =
      own.enumerated().map { ("student.\($0.offset)", $0.element) }
      + method.parameters.map { ($0.name, $0.parameter.tensor) }
    for (name, found) in zip(asked.map(\.0), gradients(of: loss, with: asked.map(\.1))) {
      let expected = try values("gradient/\(name)")
      let isMap = name.hasPrefix("student")
      let size = try expected.doubles().reduce(0) { max($0, abs($1)) }
      // Gram matrices of large values pass a softmax: single precision loses more here than elsewhere.
      try expectClose(
        (isMap ? found.permuted([0, 3, 1, 2]) : found).floats, expected.doubles(), relative: 1e-3,
        absolute: 2e-4 * size + 1e-7, shape: expected.shape)
    }
  }

  @Test("takes part in whole batches only", arguments: [(8, 16, [true, true]), (8, 13, [true, false])])
  func batches(_ batch: Int, _ images: Int, _ expected: [Bool]) throws {
    let network = try network("resnet8", seed: 1)
    let method = try method(network, network, batch: batch, images: images)
    for epoch in 0..<2 {
      let found = (0..<2).map { method.takesPart(at: TrainingClock(step: 2 * epoch + $0, epochs: 2, stepsPerEpoch: 2)) }
      #expect(found == expected)
    }
  }

  @Test("needs four images in a batch")
  func small() throws {
    let network = try network("resnet8", seed: 1)
    #expect(
      throws: InputError(
        "r.yaml:5:3", "semckd needs at least 4 images in a batch; there are 3", remedy: "raise training.batch")
    ) { try method(network, network, batch: 3) }
  }
}
