import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Hostile JPEG files") struct HostileJPEGTests {
  /// One marker with its segment: where it begins, its code, its length with the marker.
  private struct Segment {
    let start: Int
    let code: UInt8
    let count: Int
  }

  private static func file(_ name: String) throws -> [UInt8] {
    Array(try #require(Golden.load("pictures")["\(name)/file"]).bytes)
  }

  /// The segments between the start of the image and the first scan's data.
  private static func segments(_ bytes: [UInt8]) -> [Segment] {
    var list: [Segment] = []
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF {
      let count = 2 + Int(bytes[place + 2]) << 8 + Int(bytes[place + 3])
      list.append(Segment(start: place, code: bytes[place + 1], count: count))
      place += count
      if list.last?.code == 0xDA { break }
    }
    return list
  }

  private static func changed(_ bytes: [UInt8], _ name: String, at place: Int, to values: [UInt8]) -> BadFile {
    var result = bytes
    result.replaceSubrange(place..<place + values.count, with: values)
    return BadFile(name, result)
  }

  /// Frame headers with impossible sizes, depths and colours.
  private static func frames(_ bytes: [UInt8]) throws -> [BadFile] {
    let frame = try #require(segments(bytes).first { $0.code == 0xC0 }).start
    let sizes: [(UInt16, UInt16)] = [
      (0, 34), (21, 0), (0, 0), (65_535, 65_535), (65_500, 65_500), (40_000, 40_000), (65_535, 600), (5_800, 5_800),
      (200, 340), (22, 600), (600, 34),
    ]
    func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
    return sizes.map {
      changed(bytes, "\($0.0)x\($0.1)", at: frame + 5, to: big($0.0) + big($0.1))
    } + [0, 1, 7, 9, 12, 16, 255].map { changed(bytes, "\($0) bits", at: frame + 4, to: [$0]) }
      + [0, 2, 4, 5, 10, 255].map { changed(bytes, "\($0) components", at: frame + 9, to: [$0]) }
      + [0, 5, 0x55, 0xFF, 0x10, 0x01].map { changed(bytes, "sampling \($0)", at: frame + 11, to: [$0]) }
      + [4, 15, 255].map { changed(bytes, "table \($0)", at: frame + 12, to: [$0]) }
      + [0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD].map { changed(bytes, "process \($0)", at: frame + 1, to: [$0]) }
  }

  /// Files without one of their segments, with one of them twice, or of a wrong length.
  private static func pieces(_ bytes: [UInt8]) -> [BadFile] {
    segments(bytes).filter { $0.code != 0xE0 }.flatMap { segment -> [BadFile] in
      let range = segment.start..<segment.start + segment.count
      let without = Array(bytes[..<range.lowerBound] + bytes[range.upperBound...])
      return [
        BadFile("without \(segment.code)", without),
        changed(bytes, "length 0 of \(segment.code)", at: segment.start + 2, to: [0, 0]),
        changed(bytes, "length 3 of \(segment.code)", at: segment.start + 2, to: [0, 3]),
        changed(bytes, "length 65535 of \(segment.code)", at: segment.start + 2, to: [255, 255]),
      ]
    }
  }

  @Test("are refused in one line each, sixty and more")
  func refused() throws {
    let bytes = try Self.file("jpeg-rgb")
    let segments = Self.segments(bytes)
    let starts = segments.flatMap { [$0.start, $0.start + 1, $0.start + 2, $0.start + 3, $0.start + $0.count / 2] }
    let scan = try #require(segments.last).start
    let cuts = BadFile.cut(
      bytes, at: Set(starts + [0, 1, 2] + stride(from: scan, to: bytes.count - 4, by: 7)).sorted())
    let others = [
      BadFile("start alone", [0xFF, 0xD8]), BadFile("start and end", [0xFF, 0xD8, 0xFF, 0xD9]),
      BadFile("only 0xFF", [UInt8](repeating: 0xFF, count: 5000)),
      BadFile("zeros for data", Array(bytes[..<scan]) + [UInt8](repeating: 0, count: 4000)),
      BadFile("CMYK", try Self.inks()),
    ]
    #expect(try BadFile.refusals(of: cuts + others, mustFail: true) { _ = try Picture(path: $0) } >= 60)
    // Among these are some that libjpeg takes, with another meaning.
    let made = try Self.frames(bytes) + Self.pieces(bytes)
    #expect(try BadFile.refusals(of: made, mustFail: false) { _ = try Picture(path: $0) } >= 60)
  }

  @Test("with any byte changed come to a value or a line", arguments: ["jpeg-rgb", "jpeg-progressive", "jpeg-grey"])
  func flipped(name: String) throws {
    let bytes = try Self.file(name)
    let refused = try BadFile.refusals(of: BadFile.flipped(bytes, bytes.indices), mustFail: false) {
      _ = try Picture(path: $0)
    }
    #expect(refused >= 60)
  }

  @Test("of four inks and of thousands of scans are refused by what they are")
  func named() throws {
    let inks = try complaint { _ = try Picture(Self.inks(), path: "inks.jpg") }
    #expect(inks == "inks.jpg: is a JPEG of four inks (CMYK); convert it to RGB")
    let bytes = try Self.file("jpeg-progressive")
    // The first scan again and again: small to send, long to decode.
    let markers = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] >= 0xC0 }
    let first = try #require(markers.first { bytes[$0 + 1] == 0xDA })
    let next = try #require(markers.first { $0 > first })
    let scans = repeatElement(bytes[first..<next], count: 3000).joined()
    let bomb = Array(bytes[..<next]) + Array(scans) + Array(bytes[next...])
    let line = try complaint { _ = try Picture(bomb, path: "scans.jpg") }
    #expect(line == "scans.jpg: is a damaged JPEG (more than 200 scans); fetch or export it again")
  }

  /// A frame of four components, which is where reading stops.
  private static func inks() throws -> [UInt8] {
    let tables = try file("jpeg-grey")
    let frame = try #require(segments(tables).first { $0.code == 0xC0 })
    let components: [UInt8] = (1...4).flatMap { [UInt8($0), 0x11, 0] }
    let four: [UInt8] = [0xFF, 0xC0, 0, 20, 8, 0, 21, 0, 34, 4] + components
    return Array(tables[..<frame.start]) + four + Array(tables[(frame.start + frame.count)...])
  }
}
