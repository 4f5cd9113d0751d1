import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("What a method notes beside its loss")
struct NotedMetricTests {
  /// What a method notes of one batch.
  private func noted(
    _ method: any DistillationMethod, _ step: KnowledgeStep
  ) -> [String: Double] {
    var found: [String: Double] = [:]
    let watched = KnowledgeStep(
      student: step.student, teacher: step.teacher, batch: step.batch, clock: step.clock,
      studentLogits: step.studentLogits, teacherLogits: step.teacherLogits, studentPass: step.studentPass,
      teacherPass: step.teacherPass, random: step.random, noted: { found[$0] = $1 })
    _ = method.loss(watched)
    return found
  }

  @Test("is the share of responses that are active in both networks or in neither", arguments: [1, 2])
  func signs(_ seed: UInt64) throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: seed))
    let method = try MethodRegistry.make("activation-boundary", ["stages": .text("joint")], setup(student, teacher))
    let step = method.step(student, teacher, batch(4))
    var (equal, all) = (0, 0)
    for point in method.studentFeatures {
      let values = zip(step.studentPass.feature(point).floats, step.teacherPass.feature(point).floats)
      equal += values.count { ($0 > 0) == ($1 > 0) }
      all += values.count { _ in true }
    }
    let share = try #require(noted(method, step)["share of equal signs"])
    #expect(abs(share - Double(equal) / Double(all)) < 1e-6)
    #expect(seed == 1 ? share == 1 : share > 0.2 && share < 0.8)
  }

  @Test("is the share of images whose Grad-CAM map is empty")
  func empty() throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    let method = try MethodRegistry.make("lwm", [:], setup(student, teacher))
    // Turned round, a map that was positive somewhere may be so nowhere, and the other way round.
    func shares(_ scale: Float) -> [Double?] {
      let found = noted(method, method.step(student, teacher, batch(8), scale: scale))
      return ["student", "teacher"].map { found["share of empty maps of the \($0)"] }
    }
    #expect(shares(0) == [1, shares(1)[1]])
    let plain = try #require(shares(1)[0])
    #expect(plain < 1 && (plain * 8).truncatingRemainder(dividingBy: 1) == 0)
  }
}
