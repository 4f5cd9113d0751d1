import Plotting
import Testing

@Suite("Subscripts")
struct SubscriptTests {
  @Test("are smaller and lower than what they belong to, and follow it")
  func below() throws {
    let runs = try TextMeter().runs("ρ − ρ_{floor} / nats", at: Point(10, 20), 10, .black, isVertical: false)
    #expect(runs.map(\.text) == ["ρ − ρ", "floor", " / nats"])
    #expect(zip(runs, [10, 7.2, 10]).allSatisfy { abs($0.size - $1) < 1e-9 })
    #expect(runs.map(\.origin.y) == [20, 22, 20])
    #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.origin.x < $1.origin.x && $0.box.maxX <= $1.box.x + 0.5 })
  }

  @Test("are as wide as they are drawn, and read upwards too")
  func width() throws {
    let meter = try TextMeter()
    let runs = meter.runs("N_{fg}", at: Point(0, 0), 10, .black, isVertical: true)
    #expect(meter.width("N_{fg}", 10) < meter.width("Nfg", 10))
    #expect(abs(meter.width("N_{fg}", 10) - meter.width("N", 10) - meter.width("fg", 7.2)) < 1e-9)
    #expect(runs.map(\.origin.x) == [0, 2] && runs[1].origin.y < runs[0].origin.y)
  }

  @Test("leave other texts as they are", arguments: ["N_fg", "a_{b", "{a}", "", "_", "ρ"])
  func plain(_ text: String) throws {
    let runs = try TextMeter().runs(text, at: Point(0, 0), 10, .black, isVertical: false)
    #expect(runs.map(\.text) == [text])
  }
}
