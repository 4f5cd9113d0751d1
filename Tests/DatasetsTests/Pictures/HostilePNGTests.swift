import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Hostile PNG files") struct HostilePNGTests {
  private static let good = png(height: 3, width: 5, (0..<15).map { UInt8($0 * 17) })

  /// A file of one header, and pixel data that unpack to `rows`.
  private static func made(
    _ height: Int, _ width: Int, depth: UInt8 = 8, type: UInt8 = 0, interlace: UInt8 = 0, rows: [UInt8] = [],
    before: [[UInt8]] = []
  ) -> [UInt8] {
    pngFile(
      [
        pngChunk(
          "IHDR", pngHeader(height: height, width: width, depth: depth, type: type, interlace: interlace))
      ] + before + [pngChunk("IDAT", deflated(rows)), pngChunk("IEND", [])])
  }

  private static var sizes: [BadFile] {
    [
      (1 << 31, 1 << 31), (0x7FFF_FFFF, 0x7FFF_FFFF), (0xFFFF_FFFF, 1), (1, 0xFFFF_FFFF), (0, 5), (5, 0), (0, 0),
      (65_536, 65_536), (40_000, 40_000), (1 << 25, 2), (2, 1 << 25), (5_000, 5_000), (1, 1 << 24), (8_000, 4_000),
    ].map { BadFile("\($0.0)x\($0.1)", made($0.0, $0.1, rows: [UInt8](repeating: 0, count: 100))) }
  }

  private static var headers: [BadFile] {
    let depths = [0, 3, 5, 7, 9, 15, 17, 32, 255].map { BadFile("depth \($0)", made(3, 5, depth: UInt8($0))) }
    let types = [1, 5, 7, 8, 255].map { BadFile("type \($0)", made(3, 5, type: UInt8($0))) }
    let pairs: [(UInt8, UInt8)] = [(16, 3), (1, 2), (2, 2), (4, 2), (1, 4), (2, 6), (4, 6)]
    let combinations = pairs.map { BadFile("depth \($0.0) of type \($0.1)", made(3, 5, depth: $0.0, type: $0.1)) }
    let passes = [2, 7, 255].map { BadFile("interlace \($0)", made(3, 5, interlace: UInt8($0))) }
    var methods: [BadFile] = []
    for place in [26, 27] {
      var header = pngHeader(height: 3, width: 5, depth: 8, type: 0)
      header[place - 16] = 1
      methods.append(BadFile("method at \(place)", pngFile([pngChunk("IHDR", header), pngChunk("IEND", [])])))
    }
    return depths + types + combinations + passes + methods
  }

  private static var chunks: [BadFile] {
    let header = pngChunk("IHDR", pngHeader(height: 3, width: 5, depth: 8, type: 0))
    let palette = pngChunk("IHDR", pngHeader(height: 3, width: 5, depth: 8, type: 3))
    let rows = deflated((0..<18).map { $0 % 6 == 0 ? 0 : UInt8($0) })
    let (data, end) = (pngChunk("IDAT", rows), pngChunk("IEND", []))
    func long(_ count: Int) -> [UInt8] { bigEndian(count) + Array("IDAT".utf8) + rows }
    var wrongSum = data
    wrongSum[data.count - 1] ^= 1
    let badFilter = deflated((0..<18).map { $0 % 6 == 0 ? 9 : UInt8($0) })
    return [
      ("no data", [header, end]), ("no end", [header, data]), ("data first", [data, header, end]),
      ("two headers", [header, header, data, end]), ("a palette type without palette", [palette, data, end]),
      ("a palette of 4 bytes", [palette, pngChunk("PLTE", [1, 2, 3, 4]), data, end]),
      ("an empty palette", [palette, pngChunk("PLTE", []), data, end]),
      ("a palette of 300 colours", [palette, pngChunk("PLTE", [UInt8](repeating: 1, count: 900)), data, end]),
      ("a palette behind the data", [palette, data, pngChunk("PLTE", [1, 2, 3]), end]),
      ("a chunk of 2^31 bytes", [header, long(1 << 31), end]),
      ("a chunk of 2^32−1 bytes", [header, long(0xFFFF_FFFF)]),
      ("a chunk beyond the end", [header, long(rows.count + 100)]), ("a wrong checksum", [header, wrongSum, end]),
      ("no zlib stream", [header, pngChunk("IDAT", [1, 2, 3, 4, 5, 6, 7, 8]), end]),
      ("half a zlib stream", [header, pngChunk("IDAT", Array(rows.prefix(rows.count / 2))), end]),
      ("an empty zlib stream", [header, pngChunk("IDAT", []), end]),
      ("one row", [header, pngChunk("IDAT", deflated([0, 1, 2, 3, 4, 5])), end]),
      ("a filter that does not exist", [header, pngChunk("IDAT", badFilter), end]),
      ("an unknown critical chunk", [header, pngChunk("ABCD", [1]), data, end]),
      ("a chunk name of signs", [header, pngChunk("\u{1}\u{2}\u{3}\u{4}", [1]), data, end]),
    ].map { BadFile($0.0, pngFile($0.1)) }
  }

  @Test("are refused in one line each, sixty and more")
  func refused() throws {
    // Up to the end: what lacks a piece of its last chunk is cut short too.
    let cuts = BadFile.cut(Self.good, at: 0..<Self.good.count)
    let flips = BadFile.flipped(Self.good, Array(0..<33) + Array(41..<Self.good.count - 12))
    let others = [
      BadFile("text", Array("no picture at all".utf8)), BadFile("GIF", Array("GIF89a".utf8) + [1, 0, 1, 0]),
      BadFile("a million zeros", [UInt8](repeating: 0, count: 1_000_000)),
    ]
    let files = Self.sizes + Self.headers + Self.chunks + cuts + flips + others
    #expect(try BadFile.refusals(of: files, mustFail: true) { _ = try Picture(path: $0) } >= 60)
    #expect(Self.sizes.count + Self.headers.count + Self.chunks.count >= 60)
  }

  @Test("that are merely odd come to a value or a line")
  func odd() throws {
    let bomb = deflated([UInt8](repeating: 65, count: 30_000_000))
    let rows = [UInt8](repeating: 0, count: 18)
    let files = [
      BadFile(
        "a text that unpacks to 30 MB", Self.made(3, 5, rows: rows, before: [pngChunk("zTXt", [65, 0, 0] + bomb)])),
      BadFile(
        "a profile that unpacks to 30 MB", Self.made(3, 5, rows: rows, before: [pngChunk("iCCP", [65, 0, 0] + bomb)])),
      BadFile("data that unpack to 30 MB", Self.made(3, 5, rows: [UInt8](repeating: 0, count: 30_000_000))),
      BadFile(
        "200,000 chunks", Self.made(3, 5, rows: rows, before: Array(repeating: pngChunk("teXt", []), count: 200_000))),
    ]
    let all = files + BadFile.flipped(Self.good, 0..<Self.good.count)
    _ = try BadFile.refusals(of: all, mustFail: false) { _ = try Picture(path: $0) }
  }

  @Test("that are absent, folders or pipes are refused by name")
  func places() throws {
    try withTemporaryDirectory { folder in
      let pipe = folder.appendingPathComponent("pipe").path
      #expect(mkfifo(pipe, 0o600) == 0)
      for (path, part) in [
        (folder.path + "/none.png", "no such file"), (folder.path, "is a folder"),
        (pipe, "is not a regular file"),
      ] {
        let line = try complaint { _ = try Picture(path: path) }
        #expect(line == "\(path): \(part); a PNG or JPEG picture is expected")
      }
    }
  }
}
