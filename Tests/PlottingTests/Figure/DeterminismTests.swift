import Foundation
import Plotting
import Testing

@Suite("The bytes of a figure")
struct DeterminismTests {
  @Test("are the same each time, also from several threads", arguments: [0, 6, 7, 10])
  func sameBytes(_ index: Int) async throws {
    let figure = Samples.all[index].figure
    let first = try figure.png(dpi: 100)
    try await withThrowingTaskGroup(of: Data.self) { group in
      for _ in 0..<4 { group.addTask { try figure.png(dpi: 100) } }
      for try await other in group { #expect(other == first) }
    }
  }

  @Test("are a PNG file that decodes")
  func decodes() throws {
    let png = try Samples.all[0].figure.png()
    #expect([UInt8](png.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(try DecodedImage(png).width == 669)
  }
}
