import Plotting
import Testing

@Suite("The layout of a figure")
struct LayoutTests {
  @Test("clips no text and lets none overlap", arguments: Samples.all.indices, [FigureScale.paper, .notebook])
  func texts(_ index: Int, _ scale: FigureScale) throws {
    let (name, figure) = Samples.all[index]
    let scene = try figure.scene(scale: scale)
    #expect(!scene.texts.isEmpty)
    for (first, text) in scene.texts.enumerated() {
      #expect(scene.canvas.contains(text.box), "\(name): '\(text.text)' is clipped: \(text.box)")
      for other in scene.texts[(first + 1)...] where text.box.overlaps(other.box) {
        Issue.record("\(name): '\(text.text)' overlaps '\(other.text)'")
      }
    }
  }

  @Test("clips no text even where it is much too large", arguments: Samples.all.indices)
  func posters(_ index: Int) throws {
    let scene = try Samples.all[index].figure.scene(scale: .poster)
    #expect(scene.texts.allSatisfy { scene.canvas.contains($0.box) })
  }

  @Test("keeps texts off images", arguments: Samples.all.indices)
  func images(_ index: Int) throws {
    let scene = try Samples.all[index].figure.scene()
    // A heat map prints its values on itself.
    let images = scene.rasters.filter { $0.raster.width < 3 || $0.raster.width == 4 || $0.raster.width == 8 }
    for image in images {
      for text in scene.texts { #expect(!image.box.overlaps(text.box), "'\(text.text)'") }
    }
  }

  @Test("wraps and shrinks a title that is too wide, and cuts one without end")
  func longTitle() throws {
    let words = Array(repeating: "distillation", count: 60).joined(separator: " ")
    for title in ["A title so long that one line of one column cannot hold it", words, words.replacing(" ", with: "")] {
      let chart = Chart(title: title, x: Axis(title), y: Axis(title), marks: [.verticalRule(1, label: title)])
      let scene = try Figure(width: 85, panels: [[.chart(chart)]], rowHeight: 90).scene()
      #expect(scene.texts.allSatisfy { scene.canvas.contains($0.box) })
    }
  }

  @Test("has fewer ticks where labels would meet")
  func thinning() throws {
    func labels(_ width: Double) throws -> Int {
      let line = Line(nil, points: [Point(20_000, 0), Point(80_000, 1)], look: RoleLook.teacher)
      let chart = Chart(x: Axis("x"), y: Axis(""), marks: [.line(line)])
      return try Figure(width: width, panels: [[.chart(chart)]]).scene().texts.count {
        $0.text.hasSuffix("\u{2009}000")
      }
    }
    #expect(try labels(180) == 7)
    #expect((1...4).contains(try labels(40)))
  }

  @Test("shows each named series once, below all panels")
  func legend() throws {
    let panel = Panel.chart(Samples.curves)
    let scene = try Figure(width: 180, panels: [[panel, panel], [panel, .chart(Samples.threshold)]]).scene()
    let names = ["teacher (ResNet-56)", "baseline, n = 5", "student, KD (τ = 4), n = 5", "before training", "student"]
    let legend = scene.texts.filter { names.contains($0.text) }
    #expect(legend.count == names.count)
    let others = scene.texts.filter { !names.contains($0.text) }
    for entry in legend { #expect(others.allSatisfy { $0.box.maxY <= entry.box.y }) }
  }

  @Test("has no legend where none is wanted, nor for series without data")
  func noLegend() throws {
    let hidden = Figure(width: 85, panels: [[.chart(Samples.curves)]], showsLegend: false)
    #expect(try !hidden.scene().texts.contains { $0.text == "before training" })
    let empty = Line("nothing", points: [Point(.nan, 1)], look: RoleLook.teacher)
    let chart = Chart(x: Axis("x"), y: Axis("y"), marks: [.line(empty)])
    #expect(try !Figure(width: 85, panels: [[.chart(chart)]]).scene().texts.contains { $0.text == "nothing" })
  }

  @Test("leads a line to names that found no room beside their points, and to no other", arguments: [2, 9])
  func leaders(count: Int) throws {
    func shapes(named: Bool) throws -> Int {
      let marks = (0..<count).map { place in
        Mark.points(
          Points(
            nil, points: place == 0 ? [Point(1, 1), Point(0, 0), Point(2, 2)] : [Point(1 + 0.002 * Double(place), 1)],
            look: RoleLook.baseline, label: named ? "method number \(place)" : nil))
      }
      let chart = Chart(x: Axis("x"), y: Axis("y"), marks: marks)
      return try Figure(width: 120, panels: [[.chart(chart)]]).scene().elements.count {
        if case .shape = $0 { true } else { false }
      }
    }
    let lines = try shapes(named: true) - shapes(named: false)
    #expect(count == 2 ? lines == 0 : (1..<count).contains(lines))
  }

  @Test("draws H̄, τ, λ, ρ and ± with ink of their own")
  func unicode() throws {
    let meter = try TextMeter()
    let missing = meter.width("\u{10FFFD}", 100)
    for sign in ["H̄", "τ", "λ", "ρ", "±", "−", "×", "⁻", "⁶"] {
      #expect(meter.width(sign, 100) > 0)
      #expect(meter.width(sign, 100) != missing, "\(sign)")
    }
  }
}
