import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

/// Methods with regressors, connectors, translators and fusions, in training mode.
@Suite("A method with trained parts")
struct TrainedPartsTests {
  static let cases = (try? Golden.cases("stages")) ?? []

  /// Maps before their ReLUs, networks that have such layers, and the method with the parts of the file.
  private struct Sample {
    let student: [Tensor]
    let teacher: [Tensor]
    let method: any DistillationMethod

    init(_ golden: GoldenCase) throws {
      func maps(_ side: String) throws -> [Tensor] {
        try golden.parts(after: "in/\(side).").sorted().map { try channelsLast(golden.stored("in/\(side).\($0)")) }
      }
      (student, teacher) = (try maps("student"), try maps("teacher"))
      func names(_ letter: String, _ maps: [Tensor]) -> [OptionValue] { maps.indices.map { .text("\(letter)\($0)") } }
      func network(_ letter: String, _ maps: [Tensor]) -> FeatureNetwork {
        FeatureNetwork(
          maps.enumerated().map { (key: "\(letter)\($0)", value: Shape(Array($1.shape.dimensions.dropFirst()))) })
      }
      var options: [String: OptionValue] = [
        "layers": .list(names("s", student)), "teacher-layers": .list(names("t", teacher)),
      ]
      for text in try golden.texts("options") {
        let parts = text.split(separator: "=").map(String.init)
        options[parts[0]] =
          parts[1] == "true" ? .flag(true) : Double(parts[1]).map(OptionValue.number) ?? .text(parts[1])
      }
      method = try MethodRegistry.make(
        golden.operation, options, setup(network("s", student), network("t", teacher)))
      let parts = named
      for name in golden.parts(after: "in/part.") {
        let stored = try golden.stored("in/part.\(name)")
        let parameter = try #require(parts[name], "\(golden.operation) has no part \(name)")
        parameter.assign(Tensor(try stored.floats(), shape: Shape(stored.shape)))
      }
      for map in student { map.setRequiresGradient(true) }
    }

    /// The parts under the names of the file.
    var named: [String: Parameter] {
      Dictionary(
        uniqueKeysWithValues: method.modules.flatMap { part in
          part.module.namedParameters.map { ("\(part.name).\($0.name)", $0.parameter) }
        })
    }

    /// What the method sees of them.
    var step: KnowledgeStep {
      func pass(_ letter: String, _ maps: [Tensor], _ mode: ForwardPass.Mode, _ wanted: Set<FeaturePoint>)
        -> ForwardPass
      {
        let pass = ForwardPass(mode, features: wanted)
        for (place, map) in maps.enumerated() { _ = pass.activated(map, as: ["\(letter)\(place)"]) }
        return pass
      }
      let logits = Tensor.zeros([student[0].shape[0], 10])
      return KnowledgeStep(
        student: FeatureNetwork([:]), teacher: FeatureNetwork([:]), batch: batch(student[0].shape[0]), clock: clock,
        studentLogits: logits, teacherLogits: logits,
        studentPass: pass("s", student, .training, method.studentFeatures),
        teacherPass: pass("t", teacher, .evaluation, method.teacherFeatures), random: Philox(seed: 4))
    }
  }

  @Test(
    "has the value and the gradients of PyTorch in float64", .tags(.golden),
    arguments: cases.filter { !$0.name.hasPrefix("paraphraser") })
  func golden(_ golden: GoldenCase) throws {
    let sample = try Sample(golden)
    try hold(sample.method.loss(sample.step), sample, golden)
  }

  @Test(
    "trains its paraphraser on what PyTorch says", .tags(.golden),
    arguments: cases.filter { $0.name.hasPrefix("paraphraser") })
  func paraphraser(_ golden: GoldenCase) throws {
    let sample = try Sample(golden)
    let preparation = try #require(sample.method.preparation)
    guard case .own(let parameters) = preparation.trains else {
      Issue.record("the student runs")
      return
    }
    #expect(parameters.count == 12 && preparation.epochs == 5 && preparation.learningRate == 0.1)
    try hold(preparation.loss(sample.step), sample, golden)
  }

  private func hold(_ loss: Tensor, _ sample: Sample, _ golden: GoldenCase) throws {
    let expected = try golden.number("loss")
    expectClose([loss.item], [expected], relative: 2e-5, absolute: 0)
    let (parts, names) = (sample.named, golden.parts(after: "gradient/"))
    #expect(names.contains { $0.hasPrefix("part.") } == !parts.isEmpty)
    let sources = try names.map { name in
      name.hasPrefix("student.")
        ? sample.student[try #require(Int(name.dropFirst(8)))]
        : try #require(parts[String(name.dropFirst(5))]).tensor
    }
    for (name, gradient) in zip(names, gradients(of: loss, with: sources)) {
      let expected = try golden.stored("gradient/\(name)").doubles()
      let plain = name.hasPrefix("student.") ? gradient.permuted([0, 3, 1, 2]) : gradient
      let largest = expected.reduce(0) { max($0, abs($1)) }
      // Of a bias in front of a normalisation nothing is left but rounding.
      let absolute = largest < 1e-9 ? 1e-6 : 2e-5 * largest
      expectClose(
        plain.floats, expected, relative: 1e-4, absolute: absolute, shape: plain.shape.dimensions)
    }
  }
}
