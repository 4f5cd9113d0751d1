import Plotting
import Testing

@Suite("Looks and colours")
struct StyleTests {
  @Test("of all roles differ in colour or marker, and neighbours in both")
  func roles() {
    let students = (0..<24).map(RoleLook.student)
    let all = students + [RoleLook.teacher, RoleLook.baseline]
    #expect(Set(all).count == 26)
    for (look, next) in zip(students, students.dropFirst()) {
      #expect(look.color != next.color && look.marker != next.marker && look.dash != next.dash)
    }
    for look in students {
      for role in [RoleLook.teacher, RoleLook.baseline] {
        #expect(look.color != role.color && look.marker != role.marker && look.dash != role.dash)
      }
    }
  }

  @Test("of viridis are near its nine published stops")
  func viridis() {
    let stops: [UInt32] = [
      0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x27AD81, 0x5CC863, 0xAADC32, 0xFDE725,
    ]
    for (index, hex) in stops.enumerated() {
      let (color, stop) = (ColorScale.viridis.color(at: Double(index) / 8), Color(hex: hex))
      let worst =
        [(color.red, stop.red), (color.green, stop.green), (color.blue, stop.blue)]
        .map { abs(Int($0) - Int($1)) }.max() ?? 0
      // The table is cut to whole numbers, and matplotlib rounds places to its 256 colours.
      #expect(worst <= 2, "stop \(index)")
    }
  }

  @Test("of viridis grow brighter all the way")
  func brightness() {
    let luminances = (0...100).map { ColorScale.viridis.color(at: Double($0) / 100).luminance }
    #expect(zip(luminances, luminances.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("beyond a scale are those of its ends")
  func ends() {
    #expect(ColorScale.viridis.color(at: -3) == Color(hex: 0x440154))
    #expect(ColorScale.viridis.color(at: 7) == Color(hex: 0xFDE725))
    #expect(ColorScale.diverging.color(at: 0.5) == Color(hex: 0xF7F6F6))
  }
}
