import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Hostile IDX files") struct HostileIDXTests {
  private static let good = idx([2, 3, 5], Array(0..<30))

  private static var made: [BadFile] {
    let sizes: [[UInt32]] = [
      [.max, .max, .max], [1 << 31, 1 << 31, 1], [.max, 1, 1], [1, .max, 1], [1, 1, .max], [0, 3, 5], [2, 0, 5],
      [2, 3, 0], [0, 0, 0], [60_000, 28, 28], [2, 3, 6], [2, 4, 5], [3, 3, 5], [2, 3, 4], [1, 3, 5],
      [1 << 16, 1 << 16, 2],
    ]
    let types = [0, 1, 7, 9, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x80, 0xFF].map { type in
      BadFile("type \(type)", [0, 0, UInt8(type), 3] + good[4...])
    }
    let ranks = [0, 1, 2, 4, 5, 127, 128, 255].map { rank in
      BadFile("\(rank) dimensions", [0, 0, 8, UInt8(rank)] + good[4...])
    }
    let starts = [(1, 0), (0, 1), (255, 255), (0x89, 0x50), (0x80, 2)].map { first, second in
      BadFile("magic \(first) \(second)", [UInt8(first), UInt8(second)] + good[2...])
    }
    return sizes.map { BadFile("\($0)", idx($0, Array(0..<30))) } + types + ranks + starts + [
      BadFile("one byte more", good + [0]), BadFile("a megabyte more", good + [UInt8](repeating: 7, count: 1 << 20)),
      BadFile("gzip magic alone", [0x1F, 0x8B]), BadFile("gzip of nothing", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]),
    ]
  }

  @Test("are refused in one line each, sixty and more, plain and packed")
  func refused() throws {
    let cuts = BadFile.cut(Self.good, at: 0..<Self.good.count)
    #expect(Self.made.count + 16 >= 60)
    let read: (String) throws -> Void = { _ = try IDXFile(path: $0, rank: 3).values() }
    #expect(try BadFile.refusals(of: Self.made + cuts, mustFail: true, read) >= 60)
    let packed = try Self.made.filter { !$0.name.hasPrefix("gzip") }.map { BadFile($0.name, try gzip($0.bytes)) }
    let whole = try gzip(Self.good)
    #expect(
      try BadFile.refusals(of: packed + BadFile.cut(whole, at: 0..<whole.count), mustFail: true, read) >= 60)
  }

  @Test("that unpack a hundredfold to gigabytes are refused before they are unpacked")
  func bomb() throws {
    // 300 MB that the header declares, in a file that could hold them if it were all zeros, packed.
    let bomb = try gzip(idx([300, 1000, 1000], [])) + [UInt8](repeating: 0, count: 350_000)
    let line = try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("bomb").path
      try Data(bomb).write(to: URL(fileURLWithPath: path))
      return try complaint { _ = try IDXFile(path: path, rank: 3).values() }
    }
    #expect(line?.contains("to 300x1000x1000 values; unpack it yourself") == true, "\(line ?? "was read")")
  }
}
