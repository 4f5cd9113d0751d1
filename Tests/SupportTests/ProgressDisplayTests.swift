import Support
import Testing

@Suite("The progress display")
struct ProgressDisplayTests {
  /// What is shown to a simulated terminal, at simulated times.
  final class Screen {
    var now = 0.0
    var columns = 100
    private(set) var shown = ""

    /// The line that stands on the terminal.
    var line: String { shown.components(after: "\r\u{1B}[K") }

    func display(isQuiet: Bool = false, isTerminal: Bool = true) -> ProgressDisplay {
      ProgressDisplay(
        isQuiet: isQuiet,
        ProgressDisplay.Surroundings(
          isTerminal: isTerminal, width: { self.columns }, now: { self.now }, write: { self.shown += $0 }))
    }
  }

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

  @Test("is one plain line per milestone on standard error where there is no terminal")
  func plain() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent, \.standardOutputContent]
    ) {
      ProgressDisplayTests.work(ProgressDisplay())
    }
    #expect(String(decoding: result?.standardErrorContent ?? [], as: UTF8.self) == "first: done\n")
    #expect(result?.standardOutputContent == [])
  }

  @Test("is silent when asked to be")
  func quiet() {
    let screen = Screen()
    Self.work(screen.display(isQuiet: true))
    #expect(screen.shown == "")
  }

  @Test("redraws one line on a terminal, and takes it away for milestones and at the end")
  func terminal() {
    let screen = Screen()
    Self.work(screen.display())
    let clear = "\r\u{1B}[K"
    #expect(screen.shown.hasPrefix(clear + "░░░░░░░░░░░░░░░░░░░░░░░░ 0 %  estimating…  first"))
    #expect(screen.shown.contains(clear + "first: done\n"))
    // A quarter of the cost is done when the second stage begins.
    #expect(screen.shown.contains(clear + "██████░░░░░░░░░░░░░░░░░░ 25 %  estimating…  second"))
    #expect(screen.shown.hasSuffix(clear))
    #expect(screen.shown.count { $0 == "\n" } == 1)
  }

  @Test(
    "shows the whole time left and the stage's beginning in any width, never a line that wraps",
    arguments: [30, 40, 60, 80, 100, 200])
  func widths(_ columns: Int) {
    let screen = Screen()
    screen.columns = columns
    let display = screen.display()
    display.plan([(name: "training a-student-with-a-long-name, seed 1", cost: 1000)])
    display.begin("training a-student-with-a-long-name, seed 1")
    for second in 1...3 {
      screen.now = Double(second)
      display.update(Double(second) / 1000) { "epoch 12/200, loss 1.2345678" }
    }
    #expect(screen.line.contains("0 %  16 min 37 s left  t"))
    #expect(screen.line.count < columns)
    #expect(screen.line.hasSuffix("…") == (columns < 150))
    #expect(screen.line.contains("█") == false)
    #expect(screen.line.contains("░") == (columns >= 80))
  }

  /// Does a stage in steps of equal length, `seconds` long on the whole, the first one longer.
  private func run(
    _ name: String, seconds: Double, steps: Int, warmUp: Double = 0, _ screen: Screen, _ display: ProgressDisplay,
    _ each: () -> Void = {}
  ) {
    display.begin(name)
    each()
    screen.now += warmUp
    for step in 1...steps {
      screen.now += seconds / Double(steps)
      display.update(Double(step) / Double(steps)) { "" }
      each()
    }
  }

  /// Seconds per unit: trainings at 10, measurements at 2.
  private static let typical: [String: Double] = ["training": 10, "measuring": 2]

  private static func plan(_ display: ProgressDisplay) {
    display.plan(
      [
        ProgressDisplay.Stage("teacher", kind: "training/teacher", cost: 4),
        ProgressDisplay.Stage("student", kind: "training/student", cost: 2),
        ProgressDisplay.Stage("maps", kind: "measuring/layer3", cost: 60),
        ProgressDisplay.Stage("report", kind: ProgressDisplay.Stage.seconds, cost: 2),
      ], typical: typical)
  }

  /// Scale of this machine's paces to the typical ones; seconds of the measurements, 120 where they are as typical;
  /// seconds before the first step, which compiles primitives.
  @Test(
    "is never off by a factor of two from its first estimate, where the kinds of work have very different paces",
    arguments: [
      (scale: 1, measuring: 120.0, warmUp: 0.0), (0.2, 120, 1), (25, 120, 2.5), (1, 70, 2.5), (4, 200, 0.5),
    ])
  func differentPaces(_ scale: Double, _ measuring: Double, _ warmUp: Double) throws {
    let screen = Screen()
    let display = screen.display(isTerminal: false)
    var estimates: [(at: Double, left: Double)] = []
    func note() { if let left = display.timeLeft { estimates.append((screen.now, left)) } }
    Self.plan(display)
    // Time before the work is no work of it.
    screen.now += 10
    run("teacher", seconds: 40 * scale, steps: 200, warmUp: warmUp, screen, display, note)
    run("student", seconds: 15 * scale, steps: 100, warmUp: warmUp / 2, screen, display, note)
    run("maps", seconds: measuring * scale, steps: 40, screen, display, note)
    display.begin("report")
    screen.now += 2
    let first = try #require(estimates.first)
    #expect(first.at < 10 + max(2.5, 2 * 40 * scale / 200) + warmUp)
    for estimate in estimates where screen.now - estimate.at > 5 {
      let truth = screen.now - estimate.at
      #expect(
        estimate.left < 2 * truth && estimate.left > truth / 2,
        "\(estimate.left) s at \(estimate.at) s, \(truth) s in truth")
    }
  }

  @Test("says nothing of the time before a second of work was timed")
  func ground() {
    let screen = Screen()
    let display = screen.display()
    Self.plan(display)
    screen.now = 100
    display.begin("teacher")
    screen.now += 1.5
    display.update(0.01) { "" }
    #expect(display.timeLeft == nil)
    screen.now += 0.9
    display.update(0.02) { "" }
    #expect(display.timeLeft == nil)
    #expect(screen.line.contains("estimating…"))
    screen.now += 0.2
    display.update(0.03) { "" }
    #expect(display.timeLeft != nil)
    #expect(screen.line.contains(" left  teacher"))
  }

  @Test("tells the time from the start where an earlier process measured the same kinds of work")
  func recalled() throws {
    let screen = Screen()
    let display = screen.display()
    // Measurements of this run are six times as slow as they typically are.
    display.recall(["training/teacher": 10, "measuring/layer3": 12, "broken": .nan])
    Self.plan(display)
    display.begin("teacher")
    // Teacher, student at the pace of the teacher, maps, and the report's own seconds.
    let expected: Double = 40 + 20 + 720 + 2
    #expect(abs(try #require(display.timeLeft) - expected) < 1e-9)
    display.skip()
    display.begin("student")
    #expect(try #require(display.timeLeft) < 780)
    #expect(display.knownPaces == ["training/teacher": 10, "measuring/layer3": 12])
  }

  @Test("tells no time while it does not know what else will be done")
  func unknown() {
    let screen = Screen()
    let display = screen.display()
    display.plan([ProgressDisplay.Stage("loading", kind: "loading", cost: 1)], isWhole: false)
    display.begin("loading")
    screen.now = 5
    display.update(0.5) { "" }
    #expect(screen.line.hasSuffix("50 %  estimating…  loading"))
    #expect(display.knownPaces.isEmpty)
  }

  @Test("takes no stage for work that was done before, and counts only the rest of one that goes on")
  func resumed() throws {
    let screen = Screen()
    let display = screen.display()
    display.plan([(name: "first", cost: 100), (name: "training", cost: 10), (name: "report", cost: 4)])
    display.begin("first")
    display.skip()
    display.begin("training")
    display.resume(after: 0.6)
    screen.now = 5
    display.update(0.7) { "" }
    // One of the training's ten parts is done, in five seconds: three more and the report's four are left.
    #expect(abs(try #require(display.timeLeft) - 35) < 1e-9)
  }

  @Test("follows a machine that gets slower")
  func slower() throws {
    let screen = Screen()
    let display = screen.display()
    display.plan([(name: "training", cost: 1000)])
    display.begin("training")
    for step in 1...600 {
      screen.now += step < 400 ? 1 : 3
      display.update(Double(step) / 1000) { "" }
    }
    #expect(abs(try #require(display.timeLeft) - 1200) < 60)
  }

  @Test("does not take a stage that an error ended for a fast one")
  func broken() {
    let screen = Screen()
    let display = screen.display()
    display.plan([(name: "training", cost: 1000)])
    display.begin("training")
    for step in 0...4 {
      screen.now = Double(step)
      display.update(Double(step) / 1000) { "" }
    }
    display.finish()
    #expect(display.knownPaces == ["work": 1])
  }
}

extension String {
  /// What stands behind the last separator.
  fileprivate func components(after separator: String) -> String {
    guard let last = ranges(of: separator).last else { return self }
    return String(self[last.upperBound...])
  }
}
