import NeuralNetworks
import TestSupport
import Testing

@Suite("Learning-rate schedules", .tags(.golden))
struct ScheduleTests {
  @Test("have PyTorch's rates", arguments: try Golden.cases("schedules"))
  func golden(_ golden: GoldenCase) throws {
    if golden.operation == "plateau" { return try plateau(golden) }
    let shape: LearningRateSchedule.Shape
    switch try golden.text("shape") {
    case "constant": shape = .constant
    case "multi-step":
      shape = .multiStep(at: try golden.integers("milestones"), factor: try golden.number("factor"))
    case "cosine": shape = .cosine
    case "step": shape = .step(every: try golden.integer("every"), factor: try golden.number("factor"))
    case "exponential": shape = .exponential(factor: try golden.number("factor"))
    case "polynomial": shape = .polynomial(power: try golden.number("power"))
    default: return golden.reportUnknownOperation()
    }
    let schedule = LearningRateSchedule(
      base: try golden.number("base"), shape: shape, warmUp: try golden.number("warmUp"))
    let total = try golden.integer("total")
    let (epochs, rates) = try (golden.stored("epochs").doubles(), golden.stored("rates").doubles())
    // Double throughout; PyTorch's cosine goes from step to step and gathers some roundings.
    for (epoch, rate) in zip(epochs, rates) {
      #expect(abs(schedule.rate(at: epoch, of: total) - rate) < 1e-12, "epoch \(epoch)")
    }
    #expect(epochs.count == rates.count && !epochs.isEmpty)
  }

  private func plateau(_ golden: GoldenCase) throws {
    let rule = PlateauRule(
      factor: try golden.number("factor"), patience: try golden.integer("patience"),
      threshold: try golden.number("threshold"), cooldown: try golden.integer("cooldown"),
      minimumRate: try golden.number("minimumRate"))
    let schedule = LearningRateSchedule(base: try golden.number("base"), shape: .plateau(rule))
    let (losses, rates) = try (golden.stored("losses").doubles(), golden.stored("rates").doubles())
    #expect(schedule.rate(at: 0, of: 40) == schedule.base)
    for (place, rate) in rates.enumerated() {
      // The same operations in the same order as PyTorch's.
      #expect(schedule.rate(at: Double(place + 1), of: 40, after: Array(losses[...place])) == rate, "epoch \(place)")
    }
    #expect(!rates.isEmpty && rates.count == losses.count)
  }

  @Test("end where they should")
  func ends() {
    #expect(abs(LearningRateSchedule(base: 0.1, shape: .cosine).rate(at: 30, of: 30)) < 1e-15)
    #expect(abs(LearningRateSchedule(base: 0.1, shape: .cosine).rate(at: 31, of: 30)) < 1e-15)
    let warm = LearningRateSchedule(base: 0.1, shape: .cosine, warmUp: 4)
    #expect(warm.rate(at: 0, of: 20) == 0 && warm.rate(at: 4, of: 20) == 0.1 && warm.rate(at: 1, of: 20) == 0.025)
    // A warm-up as long as the training leaves no cosine, and no division by zero.
    #expect(LearningRateSchedule(base: 0.1, shape: .cosine, warmUp: 5).rate(at: 5, of: 5) == 0.1)
  }
}
