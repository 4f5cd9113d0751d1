import Glibc

/// How many seconds a unit of cost takes, for each kind of work.
///
/// A kind is a group (`measuring`) or a member of one (`training/baseline`). What was measured of a kind counts for it;
/// a kind that was not is expected to be as much slower or faster than typical as the rest of its group, or else as all
/// other work was.
struct WorkPaces {
  private struct Amount {
    var seconds = 0.0
    var cost = 0.0
  }

  /// Measured work after which its weight in the mean has halved, seconds: a machine may get busy or idle.
  static let halfLife = 60.0
  /// Seconds of a kind of work below which its pace is not yet known.
  static let leastSeconds = 1.0
  /// The weight of a pace from an earlier process, seconds: soon outweighed.
  static let recalledSeconds = 5.0

  /// The kind of work whose cost is in seconds: its pace is 1, and no other pace follows from it.
  static let seconds = "seconds"

  /// Seconds per unit of cost on the machine that they were found on, by group; 1 for a group without.
  var typical: [String: Double] = [:]
  private var amounts: [String: Amount] = [:]

  /// Adds work that was measured.
  mutating func add(seconds: Double, cost: Double, of kind: String) {
    guard seconds >= 0, cost > 0, kind != Self.seconds else { return }
    var amount = amounts[kind] ?? Amount()
    let fading = pow(0.5, seconds / Self.halfLife)
    amount.seconds = amount.seconds * fading + seconds
    amount.cost = amount.cost * fading + cost
    amounts[kind] = amount
  }

  /// Takes over paces that an earlier process measured, where nothing is known yet.
  mutating func recall(_ paces: [String: Double]) {
    for (kind, pace) in paces where amounts[kind] == nil && pace > 0 && pace.isFinite {
      amounts[kind] = Amount(seconds: Self.recalledSeconds, cost: Self.recalledSeconds / pace)
    }
  }

  /// Seconds per unit of cost of every kind that is known.
  var known: [String: Double] {
    amounts.filter { $0.value.seconds >= Self.leastSeconds }.mapValues { $0.seconds / $0.cost }
  }

  /// Whether anything of a kind was measured.
  func hasSeen(_ kind: String) -> Bool { amounts[kind] != nil }

  /// Seconds per unit of cost; nil as long as there is no ground for a guess.
  func pace(of kind: String) -> Double? {
    let trusted = amounts.filter { $0.value.seconds >= Self.leastSeconds }
    if let own = trusted[kind] { return own.seconds / own.cost }
    if kind == Self.seconds { return 1 }
    let near = trusted.filter { Self.group($0.key) == Self.group(kind) }
    let others = near.isEmpty ? trusted : near
    guard !others.isEmpty else { return nil }
    let seconds = others.reduce(0) { $0 + $1.value.seconds }
    let expected = others.reduce(0) { $0 + $1.value.cost * typicalPace(of: $1.key) }
    return typicalPace(of: kind) * seconds / expected
  }

  /// Seconds per unit of cost as long as nothing is known of this machine.
  func typicalPace(of kind: String) -> Double { typical[Self.group(kind)] ?? 1 }

  private static func group(_ kind: String) -> String { String(kind.prefix { $0 != "/" }) }
}
