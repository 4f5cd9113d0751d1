import Glibc

/// Shows how far long work is: time left, stage and detail, on standard error.
///
/// One line that is redrawn on a terminal; elsewhere plain lines, one per milestone. The work is planned in stages with
/// estimated costs. The time left comes from how fast each kind of work went so far, in this process or an earlier one;
/// before there is such ground the line says "estimating…".
public final class ProgressDisplay {
  /// A part of the work.
  public struct Stage: Sendable {
    /// What the line says.
    public let name: String
    /// Work of one kind has one pace: `training/baseline`, of the group `training`.
    public let kind: String
    /// In a unit that all stages share.
    public var cost: Double

    /// The kind of work whose cost is in seconds, on any machine.
    public static let seconds = WorkPaces.seconds

    /// - Parameters:
    ///   - name: what the line says.
    ///   - kind: a group, perhaps with a name behind a slash.
    ///   - cost: in a unit that all stages share.
    public init(_ name: String, kind: String, cost: Double) {
      self.name = name
      self.kind = kind
      self.cost = cost
    }
  }

  /// Where the line is shown, and what time it is.
  public struct Surroundings {
    /// Whether a line can be redrawn.
    public var isTerminal: Bool
    /// Columns of the terminal.
    public var width: () -> Int
    /// Seconds since any moment.
    public var now: () -> Double
    /// Shows text.
    public var write: (String) -> Void

    /// - Parameters:
    ///   - isTerminal: whether a line can be redrawn.
    ///   - width: columns of the terminal.
    ///   - now: seconds since any moment.
    ///   - write: shows text.
    public init(
      isTerminal: Bool, width: @escaping () -> Int, now: @escaping () -> Double, write: @escaping (String) -> Void
    ) {
      self.isTerminal = isTerminal
      self.width = width
      self.now = now
      self.write = write
    }
  }

  /// Whether nothing is shown at all.
  public let isQuiet: Bool
  private let surroundings: Surroundings
  private var stages: [Stage] = []
  private var isDone: [Bool] = []
  private var isWhole = true
  private var current: Int?
  /// Share of the current stage that is done, and that was when its pace was last noted.
  private var fraction = 0.0
  private var noted = 0.0
  private var notedTime = 0.0
  private var hasUpdate = false
  /// Share of the current stage that an earlier run has done.
  private var inherited = 0.0
  private var paces = WorkPaces()
  private var lastDrawn: Double?
  private var hasLine = false

  /// - Parameters:
  ///   - isQuiet: whether nothing is shown at all.
  ///   - surroundings: standard error and the machine's clock where nil.
  public init(isQuiet: Bool = false, _ surroundings: Surroundings? = nil) {
    self.isQuiet = isQuiet
    self.surroundings = surroundings ?? .standardError
  }

  /// Says what will be done, all of one kind, with costs in any common unit.
  public func plan(_ stages: [(name: String, cost: Double)]) {
    plan(stages.map { Stage($0.name, kind: "work", cost: $0.cost) })
  }

  /// Says what will be done. What is known of paces stays known.
  ///
  /// - Parameters:
  ///   - stages: in the order in which they will be done.
  ///   - typical: seconds per unit of cost by group of kinds, as measured anywhere: their ratios count.
  ///   - isWhole: whether this is all that will be done; otherwise no time left is told.
  public func plan(_ stages: [Stage], typical: [String: Double] = [:], isWhole: Bool = true) {
    self.stages = stages
    self.isWhole = isWhole
    isDone = stages.map { _ in false }
    paces.typical.merge(typical) { $1 }
    current = nil
    (fraction, inherited) = (0, 0)
  }

  /// Takes over paces that an earlier process measured (``knownPaces``).
  public func recall(_ paces: [String: Double]) { self.paces.recall(paces) }

  /// Seconds per unit of cost of each kind of work that is known.
  public var knownPaces: [String: Double] { paces.known }

  /// Starts the next stage of this name.
  public func begin(_ name: String) {
    finishStage(isComplete: true)
    current = stages.indices.first { stages[$0].name == name && !isDone[$0] }
    (fraction, noted, inherited, hasUpdate) = (0, 0, 0, false)
    notedTime = surroundings.now()
    draw(detail: "", force: true)
  }

  /// The current stage was done by an earlier run: it does not count as work.
  public func skip() {
    if let current { (stages[current].cost, isDone[current]) = (0, true) }
    current = nil
  }

  /// A share of the current stage was done by an earlier run: only the rest counts as work.
  public func resume(after share: Double) {
    guard let current, share < 1 else { return }
    stages[current].cost *= (1 - share) / (1 - inherited)
    (inherited, fraction, noted) = (share, 0, 0)
    notedTime = surroundings.now()
  }

  /// How far the current stage is.
  ///
  /// - Parameters:
  ///   - fraction: in [0, 1], of the whole stage.
  ///   - detail: epoch, rate, loss: whatever helps.
  public func update(_ fraction: Double, _ detail: () -> String) {
    self.fraction = min(1, max(0, fraction - inherited) / (1 - inherited))
    notePace()
    guard !isQuiet, surroundings.isTerminal else { return }
    if let lastDrawn, surroundings.now() - lastDrawn < 0.1 { return }
    draw(detail: detail(), force: false)
  }

  /// A line that stays: an epoch done, a file written.
  public func milestone(_ line: String) {
    guard !isQuiet else { return }
    clear()
    let left = surroundings.isTerminal ? "" : timeLeft.map { "  [\(durationText($0)) left]" } ?? ""
    surroundings.write(VisibleText.lines(line) + left + "\n")
  }

  /// A line that stays even where nothing else is shown: an answer rests on it. The same line is said once.
  public func notice(_ line: String) {
    clear()
    Notice.tell(line)
  }

  /// Ends the last stage and clears the line.
  public func finish() {
    finishStage(isComplete: false)
    clear()
  }

  /// Seconds left of all planned stages; nil until there is ground for an estimate.
  public var timeLeft: Double? {
    guard isWhole else { return nil }
    var seconds = 0.0
    for (index, stage) in stages.enumerated() where !isDone[index] {
      guard let pace = paces.pace(of: stage.kind) else { return nil }
      seconds += pace * stage.cost * (index == current ? 1 - fraction : 1)
    }
    return seconds
  }

  /// Longest start of a first stage of its kind that is not taken for its pace, seconds: code and memory are made ready.
  private static let longestWarmUp = 3.0

  private func notePace() {
    guard let current, isWhole else { return }
    let (now, kind) = (surroundings.now(), stages[current].kind)
    let seconds = now - notedTime
    // Short steps are added up.
    if hasUpdate, seconds < 0.05 { return }
    let isWarmUp = !hasUpdate && !paces.hasSeen(kind) && seconds < Self.longestWarmUp
    if !isWarmUp { paces.add(seconds: seconds, cost: stages[current].cost * (fraction - noted), of: kind) }
    (noted, notedTime, hasUpdate) = (fraction, now, true)
  }

  /// - Parameter isComplete: whether the stage went to its end; an error may have ended it.
  private func finishStage(isComplete: Bool) {
    guard let current else { return }
    if isComplete, isWhole {
      let rest = stages[current].cost * (1 - noted)
      paces.add(seconds: surroundings.now() - notedTime, cost: rest, of: stages[current].kind)
    }
    isDone[current] = true
    self.current = nil
  }

  private func draw(detail: String, force: Bool) {
    guard !isQuiet, surroundings.isTerminal, let current else { return }
    lastDrawn = surroundings.now()
    let line = ProgressLine(
      share: share, timeLeft: timeLeft, stage: VisibleText.name(stages[current].name), detail: VisibleText.name(detail))
    surroundings.write("\r\u{1B}[K" + line.text(width: surroundings.width()))
    hasLine = true
    Interrupt.hasDrawnLine = 1
  }

  /// Share of the work that is done, by the time that it takes as far as that is known.
  private var share: Double {
    var (done, all) = (0.0, 0.0)
    for (index, stage) in stages.enumerated() {
      let weight = stage.cost * (paces.pace(of: stage.kind) ?? paces.typicalPace(of: stage.kind))
      all += weight
      done += weight * (isDone[index] ? 1 : index == current ? fraction : 0)
    }
    return all > 0 ? min(1, done / all) : 0
  }

  private func clear() {
    guard hasLine else { return }
    surroundings.write("\r\u{1B}[K")
    hasLine = false
    Interrupt.hasDrawnLine = 0
  }
}

extension ProgressDisplay.Surroundings {
  /// Standard error, and a clock that stands still while the machine sleeps.
  public static var standardError: ProgressDisplay.Surroundings {
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    let clock = SuspendingClock()
    let start = clock.now
    return ProgressDisplay.Surroundings(
      isTerminal: isatty(STDERR_FILENO) == 1 && !isDumb,
      width: {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
      },
      now: { (clock.now - start) / .seconds(1) },
      write: { text in
        var text = text
        text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      })
  }
}
