import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite("bss")
struct BSSTests {
  @Test("draws a class with the teacher's probability among those that are not its first")
  func targets() {
    let probabilities: [Float] = [0.1, 0.5, 0.3, 0.1]
    let drawn = (0..<1000).map { BoundaryChoice.drawn(probabilities, besides: 1, (Double($0) + 0.5) / 1000) }
    // 0.3, 0.1 and 0.1 of 0.5, the likeliest first, equal ones in their order.
    #expect(
      drawn == [Int](repeating: 2, count: 600) + [Int](repeating: 0, count: 200) + [Int](repeating: 3, count: 200))
  }

  @Test("weighs its parts by the epoch as the codes do")
  func weights() throws {
    let network = try network("resnet8", seed: 1)
    func weights(_ variant: String, _ epoch: Int, of epochs: Int) throws -> (plain: Float, moved: Float) {
      let method = try MethodRegistry.make("bss", ["variant": .text(variant)], setup(network, network))
      return try #require(method as? BSS).weights(
        at: TrainingClock(step: epoch - 1, epochs: epochs, stepsPerEpoch: 1))
    }
    #expect(try weights("code", 40, of: 80) == (2.5, 2 * Float(1 - 2.0 / 3)))
    #expect(try weights("code", 60, of: 80) == (1.75, 0))
    #expect(try weights("code", 80, of: 80) == (1, 0))
    #expect(try weights("aberhu", 10, of: 80) == (0, 0))
    #expect(try weights("aberhu", 33, of: 80) == (0, 1))
  }

  private func step(
    _ student: any Network, _ teacher: any Network, _ images: Batch, _ logits: (own: Tensor, other: Tensor)? = nil
  ) -> KnowledgeStep {
    let (own, other) = logits ?? (student(images.images, ForwardPass(.evaluation)), teacher.logits(images.images))
    return KnowledgeStep(
      student: student, teacher: teacher, batch: images, clock: TrainingClock(step: 0, epochs: 80, stepsPerEpoch: 1),
      studentLogits: own, teacherLogits: other, studentPass: ForwardPass(.evaluation),
      teacherPass: ForwardPass(.evaluation), random: Philox(seed: 6))
  }

  @Test("teaches on moved images, and on the images alone where one of the networks is wrong everywhere")
  func moves() throws {
    let network = try network("resnet8", seed: 1)
    let method = try #require(try MethodRegistry.make("bss", [:], setup(network, network)) as? BSS)
    let plain = batch(6)
    let found = network.logits(plain.images)
    let classes = found.argmaxOfRows()
    func labelled(_ labels: [Int]) -> KnowledgeStep {
      step(network, network, Batch(images: plain.images, labels: labels, indices: plain.indices))
    }
    func entropy(_ logits: Tensor) -> Float {
      -((logits / 3).softmax() * (logits / 3).logSoftmax()).sum(alongAxes: [1]).mean().item
    }
    let weights = method.weights(at: labelled(classes).clock)
    let wrong = labelled(classes.map { ($0 + 1) % 10 })
    #expect(abs(method.loss(wrong).item - weights.plain * entropy(found)) < 1e-4)

    let right = labelled(classes)
    let choice = BoundaryChoice(right, limit: 64)
    #expect(choice.rows == Array(0..<6) && choice.base == classes)
    #expect(zip(choice.base, choice.targets).allSatisfy { $0 != $1 })
    let moved = BoundaryAttack(steps: 10, rate: 0.3, usesProbabilities: false).moved(
      plain.images, from: choice.base, to: choice.targets, by: network)
    let expected = weights.plain * entropy(found) + weights.moved * entropy(network.logits(moved))
    #expect(abs(method.loss(right).item - expected) < 1e-4 * expected)
    #expect(moved.floats != plain.images.floats)
  }

  @Test("takes of many images those on which the networks differ most beside the label")
  func choice() throws {
    let network = try network("resnet8", seed: 1)
    let images = Batch(images: .zeros([4, 16, 16, 3]), labels: [0, 1, 2, 0], indices: [7, 5, 3, 1])
    let teacher = Tensor([5, 1, 0, 0, 5, 0, 0, 1, 5, 5, 0, 0], shape: [4, 3])
    // Wrong in the first; of the others the last two differ, the last one more.
    let student = Tensor([0, 5, 0, 0, 5, 0, 0.5, 1, 5, 5, 4, 0], shape: [4, 3])
    let all = BoundaryChoice(step(network, network, images, (student, teacher)), limit: 3)
    #expect(all.rows == [1, 2, 3] && all.base == [1, 2, 0])
    let two = BoundaryChoice(step(network, network, images, (student, teacher)), limit: 2)
    #expect(two.rows == [3, 2] && two.base == [0, 2])
    #expect(two.targets == [all.targets[2], all.targets[1]])
  }
}
