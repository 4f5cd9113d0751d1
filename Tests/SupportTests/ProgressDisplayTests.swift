import Foundation
import Support
import Testing

@Suite("The progress display")
struct ProgressDisplayTests {
  /// Two stages with updates, a milestone, and an end.
  private static func work(_ display: ProgressDisplay) {
    display.plan([(name: "first", cost: 1), (name: "second", cost: 3)])
    display.begin("first")
    display.update(0.5) { "half" }
    display.milestone("first: done")
    display.begin("second")
    display.update(0.5) { "half" }
    display.finish()
  }

  @Test("is one plain line per milestone where there is no terminal")
  func plain() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent, \.standardOutputContent]
    ) {
      ProgressDisplayTests.work(ProgressDisplay())
    }
    #expect(text(result?.standardErrorContent) == "first: done\n")
    #expect(text(result?.standardOutputContent) == "")
  }

  @Test("is silent when asked to be")
  func quiet() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      ProgressDisplayTests.work(ProgressDisplay(isQuiet: true, isTerminal: true))
    }
    #expect(text(result?.standardErrorContent) == "")
  }

  @Test("redraws one line on a terminal, and takes it away for milestones and at the end")
  func terminal() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      ProgressDisplayTests.work(ProgressDisplay(isTerminal: true))
    }
    let shown = text(result?.standardErrorContent)
    let clear = "\r\u{1B}[K"
    #expect(shown.hasPrefix(clear + "░░░░░░░░░░░░░░░░░░░░░░░░ 0 %  first"))
    #expect(shown.contains(clear + "first: done\n"))
    // A quarter of the cost is done when the second stage begins.
    #expect(shown.contains(clear + "██████░░░░░░░░░░░░░░░░░░ 25 %  second"))
    #expect(shown.hasSuffix(clear))
    #expect(shown.count { $0 == "\n" } == 1)
  }

  @Test("tells the time left from the costs once something is done")
  func timeLeft() async throws {
    let display = ProgressDisplay(isQuiet: true)
    let clock = ContinuousClock()
    let start = clock.now
    display.plan([(name: "first", cost: 1), (name: "skipped", cost: 100), (name: "second", cost: 2)])
    display.begin("first")
    #expect(display.timeLeft == nil)
    try await Task.sleep(for: .milliseconds(600))
    display.update(1) { "" }
    display.begin("skipped")
    display.skip()
    display.begin("second")
    // One part took 0.6 s or more (much more if the machine is busy), two are left.
    let took = (clock.now - start) / .seconds(1)
    let left = try #require(display.timeLeft)
    #expect(left >= 1.2 && left <= 2 * took + 0.1)
    display.update(0.5) { "" }
    #expect(try #require(display.timeLeft) < left)
  }

  @Test("counts only the rest of a stage that goes on")
  func resumed() async throws {
    let display = ProgressDisplay(isQuiet: true)
    let clock = ContinuousClock()
    let start = clock.now
    display.plan([(name: "training", cost: 10), (name: "report", cost: 4)])
    display.begin("training")
    display.resume(after: 0.6)
    try await Task.sleep(for: .milliseconds(600))
    display.update(0.7) { "" }
    // One of the training's ten parts is done: three more and the report's four are left.
    let least = (clock.now - start) / .seconds(1)
    let left = try #require(display.timeLeft)
    let most = (clock.now - start) / .seconds(1)
    #expect(left >= 7 * (least - 0.05) && left <= 7 * most + 0.1)
  }

  private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }
}
