import Foundation
import Support
import TestSupport
import Testing
import Training

@Suite("A training that TensorBoard watches", .serialized)
struct EventLogTests {
  private struct Stop: Error {}

  /// Steps by tag, as the folder's files have them.
  private func steps(_ folder: URL) throws -> [String: [Int]] {
    var steps: [String: [Int]] = [:]
    for file in EventFile.files(in: folder) {
      for record in EventScan([UInt8](try Data(contentsOf: file))).records {
        steps[record.tag, default: []].append(record.step)
      }
    }
    return steps
  }

  private func train(_ training: TinyTraining, _ folder: URL?, stopAt last: Int = .max) throws {
    let trainer = training.trainer(
      try training.student(),
      folder.map { EventLog(folder: $0, text: ("recipe", "    name: tiny\n"), clock: { 1e9 }) })
    var steps = 0
    do {
      _ = try trainer.run { event in
        guard case .step = event else { return }
        steps += 1
        if steps == last { throw Stop() }
      }
    } catch is Stop {}
  }

  // 120 images in batches of 16 are eight steps an epoch; a record's tag here is its first one's.
  private static let whole: [String: [Int]] = [
    "": [0], "recipe": [0], "loss/labels": [1, 2, 3], "step/labels": Array(1...24),
  ]

  @Test("has every epoch and step once, in one file")
  func undisturbed() throws {
    try withTemporaryDirectory { folder in
      let events = folder.appendingPathComponent("events")
      try train(TinyTraining(folder.appendingPathComponent("run")), events)
      #expect(try steps(events) == Self.whole)
      #expect(EventFile.files(in: events).count == 1)
    }
  }

  @Test("and is killed goes on in the same file without a step twice", arguments: [1, 7, 8, 9, 20])
  func resumed(_ last: Int) throws {
    try withTemporaryDirectory { folder in
      let events = folder.appendingPathComponent("events")
      let training = TinyTraining(folder.appendingPathComponent("run"))
      try train(training, events, stopAt: last)
      let file = try #require(EventFile.files(in: events).first)
      // A killed writer may leave half a record.
      let half = EventRecord(time: 1e9, step: last, .scalars([.init("step/labels", 1)])).framed.dropLast(3)
      try Data(Data(contentsOf: file) + half).write(to: file)
      try train(training, events)
      #expect(try steps(events) == Self.whole)
      #expect(EventFile.files(in: events) == [file])
    }
  }

  @Test("from its second epoch on has the first one too, from the training's own history")
  func late() throws {
    try withTemporaryDirectory { folder in
      let events = folder.appendingPathComponent("events")
      let training = TinyTraining(folder.appendingPathComponent("run"))
      try train(training, nil, stopAt: 9)
      try train(training, events)
      var expected = Self.whole
      expected["step/labels"] = Array(9...24)
      #expect(try steps(events) == expected)
      // Once more, with nothing left to train, changes nothing.
      try train(training, events)
      #expect(try steps(events) == expected)
    }
  }

  @Test("holds the history's own numbers")
  func numbers() throws {
    try withTemporaryDirectory { folder in
      let training = TinyTraining(folder.appendingPathComponent("run"))
      let trainer = training.trainer(
        try training.student(), EventLog(folder: folder.appendingPathComponent("events"), clock: { 1e9 }))
      let history = try trainer.run { _ in }
      let file = try #require(EventFile.files(in: folder.appendingPathComponent("events")).first)
      let bytes = try Data(contentsOf: file)
      for row in history.epochs {
        let terms = zip(history.termNames, row.terms).map { EventRecord.Scalar("loss/\($0)", $1 ?? .nan) }
        let others: [EventRecord.Scalar] = [
          .init("development/accuracy", row.accuracy), .init("development/loss", row.developmentLoss),
          .init("training/learning-rate", row.learningRate), .init("training/seconds", row.seconds),
        ]
        let record = EventRecord(time: 1e9, step: row.epoch, .scalars(terms + others))
        #expect(bytes.range(of: Data(record.framed)) != nil)
      }
    }
  }
}
