import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

/// The closed set of what methods read, held against what they do: run over the registry.
@Suite("What a method says that it reads")
struct StepPartTests {
  /// What is changed of a step while all else stays.
  private enum Change: CaseIterable {
    case nothing
    case logits
    case labels
    case indices
    case images
  }

  private func value(_ name: String, _ change: Change) throws -> Float {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    let method = try made(name, student, teacher)
    let step = method.step(student, teacher, batch(4))
    // Both networks are right of every image, turned or not: some methods look at such images alone.
    let labels = step.batch.labels
    let right = oneHot(
      labels.flatMap { Array(repeating: $0, count: step.studentLogits.shape[0] / labels.count) }, classes: 10)
    // Each network's logits in another order: what only compares them would not see both turned alike.
    func told(_ logits: Tensor, turnedBy columns: Int) -> Tensor {
      let sure = logits + right * 3
      return change == .logits ? sure.taken((0..<10).map { ($0 + columns) % 10 }, alongAxis: 1) : sure
    }
    let old = step.batch
    let changed = Batch(
      images: change == .images ? .normal(old.images.shape, Philox(seed: 77)) : old.images,
      labels: change == .labels ? old.labels.map { ($0 + 1) % 10 } : old.labels,
      indices: change == .indices ? old.indices.map { 7 - $0 } : old.indices)
    return method.loss(
      KnowledgeStep(
        student: step.student, teacher: step.teacher, batch: changed,
        clock: TrainingClock(step: 4, epochs: 8, stepsPerEpoch: 1),
        studentLogits: told(step.studentLogits, turnedBy: 1),
        teacherLogits: told(step.teacherLogits, turnedBy: 3), studentPass: step.studentPass,
        teacherPass: step.teacherPass,
        strong: step.strong, random: step.random)
    ).item
  }

  @Test("is what its loss depends on", arguments: MethodRegistry.entries.map(\.name))
  func reads(_ name: String) throws {
    let entry = try #require(MethodRegistry.entries.first { $0.name == name })
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    let method = try made(name, student, teacher)
    let plain = try value(name, .nothing)
    #expect(try value(name, .nothing) == plain)
    var found: Set<StepPart> = []
    if try value(name, .logits) != plain { found.insert(.logits) }
    if try value(name, .labels) != plain { found.insert(.labels) }
    if try value(name, .indices) != plain { found.insert(.indices) }
    if method.needsImageGradients {
      found.insert(.inputGradients)
    } else if try method.view != .ordinary || value(name, .images) != plain {
      found.insert(.images)
    }
    if !method.studentFeatures.union(method.teacherFeatures).isEmpty { found.insert(.features) }
    if method.teacherStatistics == .batch { found.insert(.statistics) }
    #expect(Set(StepPart.read(by: entry)) == found)
  }

  @Test(
    "is said by every entry in words of the closed set", arguments: MethodRegistry.entries + MethodRegistry.optimizers)
  func said(_ entry: CatalogEntry) throws {
    let words = try #require(entry.facts.first { $0.key == "reads" }?.value)
    #expect(!words.isEmpty && words == StepPart.read(by: entry).map(\.rawValue).joined(separator: ", "))
  }
}
