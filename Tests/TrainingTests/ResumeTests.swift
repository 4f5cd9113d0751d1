import Checkpoints
import Distillation
import Foundation
import NeuralNetworks
import Support
import TestSupport
import Testing
import Training

@Suite("A training that was stopped")
struct ResumeTests {
  private struct Stop: Error {}

  /// Stops a training after so many steps, goes on with a fresh program, and gives all tensors.
  private func interrupted(_ training: TinyTraining, after steps: [Int], _ program: () throws -> any TrainingProgram)
    throws
    -> [String: String]
  {
    for count in steps {
      var left = count
      #expect(throws: Stop.self) {
        try training.run(try program()) { event in
          if case .step = event { left -= 1 }
          if left == 0 { throw Stop() }
        }
      }
    }
    var resumed: Int?
    let history = try training.run(try program()) { event in
      if case .resumed(let epoch) = event { resumed = epoch }
    }
    // Eight steps make an epoch, which is kept after its last step was told; what an unfinished epoch did is done again.
    let kept = steps.reduce(0) { $0 + ($1 - 1) / 8 }
    #expect(resumed == (kept > 0 ? kept : nil))
    #expect(history.epochs.map(\.epoch) == Array(1...training.settings.epochs + (training.second?.epochs ?? 0)))
    return try Fingerprints.tensors(below: training.folder.url)
  }

  @Test(
    "ends with the same bits as one that was not: weights of every epoch, statistics, optimiser",
    arguments: [TrainingSettings.Rule.sgd, .adam], [[3], [8], [21], [9, 9]])
  func sameBits(_ rule: TrainingSettings.Rule, _ steps: [Int]) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder.appendingPathComponent("whole"))
      training.settings = TrainingSettings(
        epochs: 3, batch: 16, rule: rule, schedule: LearningRateSchedule(base: 0.01, shape: .cosine, warmUp: 1),
        clipNorm: 2)
      try training.run(try training.student())
      let whole = try Fingerprints.tensors(below: training.folder.url)
      training.folder = RunFolder(folder.appendingPathComponent("parts"))
      let parts = try interrupted(training, after: steps) { try training.student() }
      #expect(parts == whole)
      // Four checkpoints of 2 · 5 + 2 tensors; state of 8 weights and a projection, once or twice, and the projection.
      #expect(whole.count == 4 * 12 + (rule == .sgd ? 9 : 18) + 1)
    }
  }

  @Test(
    "of two stages does too, stopped in the first, between them or in the second; and has gone the same way",
    arguments: [TrainingSettings.Rule.sgd, .adam], [[11], [16], [19], [5, 18, 27]])
  func twoStages(_ rule: TrainingSettings.Rule, _ steps: [Int]) throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder.appendingPathComponent("whole"))
      training.keepsStepDistances = true
      training.settings = TrainingSettings(
        epochs: 2, batch: 16, rule: rule, schedule: LearningRateSchedule(base: 0.01, shape: .cosine, warmUp: 1),
        clipNorm: 2)
      var second = training.settings
      second.epochs = 2
      training.second = second
      let history = try training.run(try training.twoStage())
      let whole = try Fingerprints.tensors(below: training.folder.url)
      training.folder = RunFolder(folder.appendingPathComponent("parts"))
      let parts = try interrupted(training, after: steps) { try training.twoStage() }
      #expect(parts == whole)
      let resumed = try training.run(try training.twoStage())
      #expect(resumed.epochs.map(\.stepDistances) == history.epochs.map(\.stepDistances))
      #expect(history.epochs.map(\.stage) == ["features", "features", "classifier", "classifier"])
      // Each stage has the whole schedule for itself.
      #expect(history.epochs.map(\.learningRate) == [0, 1, 0, 1].map { history.epochs[$0].learningRate })
      #expect(
        history.epochs.map { $0.terms.map { $0 == nil } } == [
          [true, false], [true, false], [false, true], [false, true],
        ])
    }
  }

  @Test("gets the batches, rates and random streams that it would have got")
  func sameSteps() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder.appendingPathComponent("whole"))
      let whole = RecordingProgram(try training.network())
      try training.run(whole)
      training.folder = RunFolder(folder.appendingPathComponent("parts"))
      var programs: [RecordingProgram] = []
      _ = try interrupted(training, after: [18]) {
        programs.append(RecordingProgram(try training.network()))
        return programs[programs.count - 1]
      }
      #expect(programs[0].recorded == Array(whole.recorded[..<18]))
      #expect(programs[1].recorded == Array(whole.recorded[16...]))
      #expect(programs[1].steps == 24)
    }
  }

  @Test("and is finished does no step more and rewrites nothing")
  func finished() throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder)
      let history = try training.run(try training.baseline())
      let before = try Data(contentsOf: training.folder.state)
      try FileManager.default.removeItem(at: training.folder.checkpoint(epoch: 1))
      let again = try training.run(try training.baseline()) { event in
        if case .resumed(epoch: 3) = event { return }
        Issue.record("\(event)")
      }
      #expect(again == history)
      #expect(try Data(contentsOf: training.folder.state) == before)
      #expect(training.folder.epochs == [0, 2, 3])
    }
  }

  @Test("is refused in one line if it is another recipe's, or its files are broken")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.settings.epochs = 1
      try training.run(try training.baseline())
      let state = try Data(contentsOf: training.folder.state)
      func line() -> String {
        let error = #expect(throws: InputError.self) { try training.run(try training.baseline()) }
        return error?.description ?? ""
      }
      training.recipe = "another"
      #expect(
        line() == "\(training.folder.state.path): the state belongs to another recipe; choose another name or --out, "
          + "or remove the folder")
      training.recipe = "recipe"
      try state.prefix(state.count / 2).write(to: training.folder.state)
      #expect(line().hasPrefix("\(training.folder.state.path): "))
      try Safetensors(tensors: []).write(to: training.folder.state)
      #expect(line() == "\(training.folder.state.path): the state holds no history; remove the folder to train anew")
      let whole = try Safetensors(state, path: "state")
      try Safetensors(metadata: whole.metadata, tensors: []).write(to: training.folder.state)
      #expect(line().contains("the state lacks 'optimizer."))
      try state.write(to: training.folder.state)
      try FileManager.default.removeItem(at: training.folder.checkpoint(epoch: 1))
      #expect(line() == "\(training.folder.checkpoint(epoch: 1).path): no such file; check the path")
    }
  }
}
