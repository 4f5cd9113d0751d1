import Foundation
import Support
import TestSupport
import Testing
import Training

@Suite("Records of TensorBoard")
struct EventRecordTests {
  private static let time = 1_700_000_000.25
  /// The picture of two pixels in `Tests/Golden/events.py`.
  private static let png =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR42mP4zwAE/wEHAAH/PX2MSQAAAABJRU5ErkJggg=="

  /// The records of `Tests/Golden/events.py`.
  private static let records = [
    EventRecord(time: time, step: 0, .version),
    EventRecord(time: time, step: 0, .text(tag: "recipe", markdown: "    name: tiny\n")),
    EventRecord(
      time: time + 1, step: 1, .scalars([.init("loss/labels", 2.5), .init("development/accuracy", 0.125)])),
    EventRecord(time: time + 2, step: 300, .scalars([.init("step/labels", 1.0 / 3)])),
    EventRecord(time: time + 3, step: 1 << 33, .scalars([.init("loss/ε", -1e-30)])),
    EventRecord(
      time: time + 4, step: 0,
      .image(tag: "figure/two pixels", png: [UInt8](Data(base64Encoded: png) ?? Data()), width: 2, height: 1)),
  ]

  private static func golden() throws -> [UInt8] {
    [UInt8](try Data(contentsOf: Golden.folder.appendingPathComponent("events.tfevents")))
  }

  @Test("are byte for byte those that TensorBoard's reader was seen to read", .tags(.golden))
  func bytes() throws { #expect(Self.records.flatMap(\.framed) == (try Self.golden())) }

  @Test("are found again with their steps and tags, wherever the file is cut off")
  func scan() throws {
    let whole = try Self.golden()
    let found = EventScan(whole).records
    #expect(found.map(\.step) == [0, 0, 1, 300, 1 << 33, 0])
    #expect(found.map(\.tag) == ["", "recipe", "loss/labels", "step/labels", "loss/ε", "figure/two pixels"])
    #expect(found.last?.end == whole.count)
    for length in whole.indices {
      #expect(EventScan(Array(whole[..<length])).records == found.filter { $0.end <= length })
    }
  }

  @Test("are not read on behind a byte that is wrong")
  func flipped() throws {
    let whole = try Self.golden()
    let found = EventScan(whole).records
    for place in whole.indices {
      var broken = whole
      broken[place] ^= 0x41
      #expect(EventScan(broken).records == found.filter { $0.end <= place })
    }
  }

  @Test("mask their checksums as the format says")
  func mask() { #expect(EventRecord.maskedChecksum(UInt64(24).littleEndianBytes) == 0x224B_7FA3) }

  @Test("of pictures replace those of an earlier time, with the size that the PNG file states")
  func pictures() throws {
    try withTemporaryDirectory { folder in
      let png = try #require(Data(base64Encoded: Self.png))
      for time in [Self.time, Self.time + 7] {
        try PictureEvents.write(
          to: folder, texts: [("recipe", "x")], pictures: [("figure/two pixels", png)], time: time)
      }
      let files = EventFile.files(in: folder)
      #expect(files.count == 1 && files[0].lastPathComponent.hasPrefix("events.out.tfevents.1700000007."))
      let records = [
        EventRecord(time: Self.time + 7, step: 0, .version),
        EventRecord(time: Self.time + 7, step: 0, .text(tag: "recipe", markdown: "x")),
        EventRecord(
          time: Self.time + 7, step: 0, .image(tag: "figure/two pixels", png: [UInt8](png), width: 2, height: 1)),
      ]
      #expect(try Data(contentsOf: files[0]) == Data(records.flatMap(\.framed)))
      #expect(throws: InputError.self) {
        try PictureEvents.write(to: folder, texts: [], pictures: [("x", Data("no picture".utf8))])
      }
    }
  }
}
