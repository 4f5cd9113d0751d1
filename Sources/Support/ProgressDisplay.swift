import Glibc

/// Shows how far long work is: stage, detail, share done and time left, on standard error.
///
/// One line that is redrawn on a terminal; elsewhere plain lines, one per milestone. The work is planned in stages with
/// estimated costs, so that the time left of the whole is known from the first seconds and corrects itself.
public final class ProgressDisplay {
  private struct Stage {
    let name: String
    var cost: Double
  }

  private let isQuiet: Bool
  private let isTerminal: Bool
  private var stages: [Stage] = []
  private var current: Int?
  private var finishedCost = 0.0
  private var skippedCost = 0.0
  private var fraction = 0.0
  /// Share of the current stage that an earlier run has done.
  private var inherited = 0.0
  private let clock = ContinuousClock()
  private var start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant?
  private var hasLine = false

  /// - Parameters:
  ///   - isQuiet: whether nothing is shown at all.
  ///   - isTerminal: whether a line can be redrawn; found out from standard error where nil.
  public init(isQuiet: Bool = false, isTerminal: Bool? = nil) {
    self.isQuiet = isQuiet
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    self.isTerminal = isTerminal ?? (isatty(STDERR_FILENO) == 1 && !isDumb)
    start = clock.now
  }

  /// Says what will be done, with costs in any common unit (seconds, if they are known).
  public func plan(_ stages: [(name: String, cost: Double)]) {
    self.stages = stages.map { Stage(name: $0.name, cost: $0.cost) }
    current = nil
    (finishedCost, skippedCost, fraction, inherited) = (0, 0, 0, 0)
    start = clock.now
  }

  /// Starts the next stage of this name.
  public func begin(_ name: String) {
    finishStage()
    current = stages.firstIndex { $0.name == name }
    (fraction, inherited) = (0, 0)
    draw(detail: "", force: true)
  }

  /// The current stage was done by an earlier run: it does not count as work.
  public func skip() {
    if let current { skippedCost += stages[current].cost }
    current = nil
    fraction = 0
  }

  /// A share of the current stage was done by an earlier run: only the rest counts as work.
  public func resume(after share: Double) {
    guard let current, share < 1 else { return }
    stages[current].cost *= (1 - share) / (1 - inherited)
    (inherited, fraction) = (share, 0)
  }

  /// How far the current stage is.
  ///
  /// - Parameters:
  ///   - fraction: in [0, 1], of the whole stage.
  ///   - detail: epoch, rate, loss: whatever helps.
  public func update(_ fraction: Double, _ detail: () -> String) {
    self.fraction = max(0, fraction - inherited) / (1 - inherited)
    guard !isQuiet, isTerminal else { return }
    let now = clock.now
    if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
    draw(detail: detail(), force: false)
  }

  /// A line that stays: an epoch done, a file written.
  public func milestone(_ line: String) {
    guard !isQuiet else { return }
    clear()
    let left = isTerminal ? "" : timeLeft.map { "  [\(durationText($0)) left]" } ?? ""
    write(line + left + "\n")
  }

  /// A line that stays even where nothing else is shown: an answer rests on it. The same line is said once.
  public func notice(_ line: String) {
    clear()
    Notice.tell(line)
  }

  /// Ends the last stage and clears the line.
  public func finish() {
    finishStage()
    clear()
  }

  /// Seconds left of all planned stages; nil until something is known.
  public var timeLeft: Double? {
    let total = stages.reduce(0) { $0 + $1.cost } - skippedCost
    let done = finishedCost + (current.map { stages[$0].cost * fraction } ?? 0)
    let elapsed = (clock.now - start) / .seconds(1)
    guard done > 0, elapsed > 0.5 else { return nil }
    return max(0, (total - done) * elapsed / done)
  }

  private func finishStage() {
    if let current { finishedCost += stages[current].cost }
    current = nil
  }

  private func draw(detail: String, force: Bool) {
    guard !isQuiet, isTerminal, let current else { return }
    lastDrawn = clock.now
    let total = max(1e-9, stages.reduce(0) { $0 + $1.cost } - skippedCost)
    let share = min(1, (finishedCost + stages[current].cost * fraction) / total)
    let filled = Int((share * 24).rounded())
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    let left = timeLeft.map { ", \(durationText($0)) left" } ?? ""
    let line = "\(bar) \(Int(share * 100)) %  \(stages[current].name)  \(detail)\(left)"
    write("\r\u{1B}[K" + String(line.prefix(terminalWidth - 1)))
    hasLine = true
  }

  private var terminalWidth: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
    return Int(size.ws_col)
  }

  private func clear() {
    guard hasLine else { return }
    write("\r\u{1B}[K")
    hasLine = false
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// "3 min 20 s", "1 h 05 min", "12 s".
public func durationText(_ seconds: Double) -> String {
  let whole = Int(max(0, seconds).rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  let minutes = whole / 60 % 60
  return "\(whole / 3600) h \(minutes < 10 ? "0" : "")\(minutes) min"
}
