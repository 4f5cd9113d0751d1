import Foundation
import NeuralNetworks
import TestSupport
import Testing
import Training

@Suite("What a training gives to its program")
struct TrainingOrderTests {
  private func steps(_ change: (inout TinyTraining) -> Void = { _ in }) throws -> [RecordingProgram.Step] {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      change(&training)
      let program = RecordingProgram(try training.network())
      try training.run(program)
      return program.recorded
    }
  }

  @Test("is the same for baseline and student of one seed: order, pixels, rates, random streams")
  func sameSeed() throws {
    let first = try steps()
    #expect(try first == steps { $0.initialisation = 99 })
    #expect(try first.map(\.indices) != steps { $0.seed = 2 }.map(\.indices))
    #expect(Set(first.map(\.random)).count == first.count)
  }

  @Test("is every image once an epoch, in another order and shifted otherwise each time, the last batch smaller")
  func epochs() throws {
    let all = try steps { $0.settings.batch = 50 }
    #expect(all.map(\.indices.count) == [50, 50, 20, 50, 50, 20, 50, 50, 20])
    let orders = (0..<3).map { epoch in all[3 * epoch..<3 * epoch + 3].flatMap(\.indices) }
    for order in orders { #expect(order.sorted() == Array(0..<120)) }
    #expect(Set(orders).count == 3)
    func pixels(_ epoch: Int) -> [[Float]] {
      let values = all[3 * epoch..<3 * epoch + 3].flatMap(\.pixels)
      return (0..<120).map { image in
        let place = orders[epoch].firstIndex(of: image) ?? 0
        return Array(values[place * 768..<(place + 1) * 768])
      }
    }
    // Mirrored or not, and one of nine shifts: about one in eighteen images looks the same twice.
    let same = zip(pixels(0), pixels(1)).count { $0 == $1 }
    #expect(same < 30)
    for step in all { #expect(step.labels == step.indices.map { Int(TinyData.splits.train.labels[$0]) }) }
  }

  @Test("is a rate that rises over the warm-up from its first step on, and falls at the milestones")
  func rates() throws {
    let all = try steps {
      $0.settings = TrainingSettings(
        epochs: 4, batch: 40,
        schedule: LearningRateSchedule(base: 0.6, shape: .multiStep(at: [2, 3], factor: 0.1), warmUp: 1))
    }
    let expected: [Float] = [0.2, 0.4, 0.6, 0.6, 0.6, 0.6, 0.06, 0.06, 0.06, 0.006, 0.006, 0.006]
    #expect(all.count == expected.count)
    for (step, rate) in zip(all, expected) { #expect(abs(step.rate - rate) < 1e-6) }
    #expect(all.map(\.clock.step) == Array(0..<12) && all.map(\.clock.epoch) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
  }
}
