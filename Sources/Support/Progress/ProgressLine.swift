/// The one line that a terminal shows of long work.
///
/// People look at the time, so it stands in front and is never cut: a narrow terminal gets no bar, then less of the
/// detail, then less of the stage's name.
struct ProgressLine {
  /// Share done, in [0, 1].
  let share: Double
  /// Seconds; nil while there is no ground for an estimate.
  let timeLeft: Double?
  let stage: String
  let detail: String

  /// - Parameter width: columns of the terminal.
  /// - Returns: at most one character less, so that no terminal wraps.
  func text(width: Int) -> String {
    let room = max(0, width - 1)
    let filled = Int((share * Double(Self.bar(width))).rounded())
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.bar(width) - filled)
    let time = timeLeft.map { "\(durationText($0)) left" } ?? "estimating…"
    let head = (bar.isEmpty ? "" : "\(bar) ") + "\(Int(share * 100)) %  \(time)"
    guard head.count + 2 < room else { return String(head.prefix(room)) }
    let rest = [stage, detail].filter { !$0.isEmpty }.joined(separator: "  ")
    let left = room - head.count - 2
    return head + "  " + (rest.count <= left ? rest : rest.prefix(left - 1) + "…")
  }

  /// Columns of the bar.
  private static func bar(_ width: Int) -> Int { width >= 100 ? 24 : width >= 80 ? 8 : 0 }
}

/// "3 min 20 s", "1 h 05 min", "12 s".
public func durationText(_ seconds: Double) -> String {
  guard seconds < 1e9 else { return "years" }
  let whole = Int(max(0, seconds).rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  let minutes = whole / 60 % 60
  return "\(whole / 3600) h \(minutes < 10 ? "0" : "")\(minutes) min"
}
