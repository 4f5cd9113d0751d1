import Experiments
import Testing

@Suite("Ways down a ladder")
struct LadderWaysTests {
  @Test("are one to the top and twice as many to each further rung, whoever teaches before whom he teaches")
  func ends() {
    let ways = LadderWays.ends(rungs: 4)
    #expect(ways.count == 8)
    for rung in 1..<4 { #expect(ways.count { $0.last == rung } == 1 << (rung - 1)) }
    #expect(Set(ways).count == ways.count)
    for (place, way) in ways.enumerated() where way.count > 1 {
      #expect(way == way.sorted() && way[0] == 0)
      #expect(ways[..<place].contains(Array(way.dropLast())))
    }
  }

  /// Every step costs what the leap is long: many small steps are best, and a better teacher makes better students.
  private func leaps(_ way: [Int]) -> Double {
    zip(way, way.dropFirst()).reduce(100) { $0 - Double(($1.1 - $1.0) * ($1.1 - $1.0)) }
  }

  @Test("have the same best one by dynamic programming as by trying all, where better teachers make better students")
  func alike() {
    for rungs in 2...7 {
      let all = LadderWays.best(rungs: rungs, by: leaps)
      let dynamic = LadderWays.dynamic(rungs: rungs, by: leaps)
      #expect(all.way == Array(0..<rungs))
      #expect(dynamic.way == all.way && dynamic.score == all.score)
      #expect(all.trainings == (1 << (rungs - 1)) - 1)
      #expect(dynamic.trainings == rungs * (rungs - 1) / 2)
    }
  }

  @Test("have a better one than dynamic programming finds, where a worse network is the better teacher")
  func apart() {
    // The network 0-2 is worse than 0-1-2, and teaches better.
    let scores: [[Int]: Double] = [
      [0, 1]: 80, [0, 2]: 70, [0, 1, 2]: 75, [0, 3]: 50, [0, 1, 3]: 55, [0, 2, 3]: 65, [0, 1, 2, 3]: 60,
    ]
    func score(_ way: [Int]) -> Double { scores[way] ?? 0 }
    let all = LadderWays.best(rungs: 4, by: score)
    #expect(all == LadderWays.Choice(way: [0, 2, 3], score: 65, trainings: 7))
    #expect(LadderWays.dynamic(rungs: 4, by: score) == LadderWays.Choice(way: [0, 1, 2, 3], score: 60, trainings: 6))
  }

  @Test("of equal score are taken in their order")
  func equal() {
    #expect(LadderWays.best(rungs: 3) { _ in 1 }.way == [0, 2])
    #expect(LadderWays.dynamic(rungs: 3) { _ in 1 }.way == [0, 2])
  }
}
