import Support

/// Ways down a ladder of networks: rung 0 is the top, the last rung the student; on a way each network learns from the one
/// before it.
package enum LadderWays {
  /// The best way that was found, and how many trainings behind the top's it took to find it.
  package struct Choice: Equatable {
    package let way: [Int]
    package let score: Double
    package let trainings: Int

    package init(way: [Int], score: Double, trainings: Int) {
      self.way = way
      self.score = score
      self.trainings = trainings
    }
  }

  /// The way to every network of the ladder: from the top, to each rung, over every choice of rungs between.
  ///
  /// - Parameter rungs: at least 2.
  /// - Returns: 2^(rungs − 1) ways; a network stands behind whoever teaches it.
  package static func ends(rungs: Int) -> [[Int]] {
    precondition(rungs >= 2, "LadderWays: \(rungs) rungs")
    var ways: [[Int]] = [[0]]
    for rung in 1..<rungs { ways += ways.map { $0 + [rung] } }
    return ways
  }

  /// The best way to the student of all.
  ///
  /// - Parameters:
  ///   - rungs: at least 2.
  ///   - score: of the network at the end of a way; larger is better.
  /// - Returns: the first of those with the largest score.
  package static func best(rungs: Int, by score: ([Int]) -> Double) -> Choice {
    let ways = ends(rungs: rungs).filter { $0.last == rungs - 1 }
    let found = first(of: ways, by: score)
    return Choice(way: found.way, score: found.score, trainings: (1 << (rungs - 1)) - 1)
  }

  /// The best way to the student by dynamic programming: of every rung only the best network goes on to teach (Mirzadeh
  /// et al., AAAI 2020, section 4.3).
  ///
  /// - Parameters: as ``best(rungs:by:)``.
  /// - Returns: the way that is found; the best of all where a better teacher of a rung makes better networks below.
  package static func dynamic(rungs: Int, by score: ([Int]) -> Double) -> Choice {
    precondition(rungs >= 2, "LadderWays: \(rungs) rungs")
    var kept: [[Int]] = [[0]]
    var last = 0.0
    for rung in 1..<rungs {
      let found = first(of: kept.map { $0 + [rung] }, by: score)
      kept.append(found.way)
      last = found.score
    }
    return Choice(way: kept[rungs - 1], score: last, trainings: rungs * (rungs - 1) / 2)
  }

  private static func first(of ways: [[Int]], by score: ([Int]) -> Double) -> (way: [Int], score: Double) {
    var best = (way: ways[0], score: score(ways[0]))
    for way in ways.dropFirst() {
      let own = score(way)
      if own > best.score { best = (way, own) }
    }
    return best
  }
}
