import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite("Hostile zip files") struct HostileZipTests {
  private static let array = HostileNumPyTests.good
  private static let packed = rawDeflated(array)
  private static let stored = ZipSample(content: array)
  private static let deflated = ZipSample(content: array, packed: packed, method: 8)
  private static let second = ZipSample(name: "b.npy", content: Array(array.reversed()))
  private static let good = zip([stored, ZipSample(name: "b.npy", content: array)])

  private static func with(_ change: (inout ZipSample) -> Void, of sample: ZipSample) -> [UInt8] {
    var entry = sample
    change(&entry)
    return zip([entry])
  }

  /// Every array of a file is read.
  private func read(_ path: String) throws {
    let archive = try NumPyArchive(URL(fileURLWithPath: path))
    for name in archive.names { _ = try archive.array(name) }
  }

  private static var entries: [BadFile] {
    let count = array.count
    let sizes: [BadFile] = [0, 1, count - 1, count + 1, 1 << 20, 1 << 31, 0xFFFF_FFFE].flatMap {
      (size: Int) -> [BadFile] in
      [
        BadFile("stored with size \(size)", with({ $0.size = size }, of: stored)),
        BadFile("stored with packed size \(size)", with({ $0.packedSize = size }, of: stored)),
        BadFile("deflated with size \(size)", with({ $0.size = size }, of: deflated)),
        BadFile("deflated with packed size \(size)", with({ $0.packedSize = size }, of: deflated)),
      ]
    }
    let offsets: [BadFile] = [1, 7, 40, count, count + 35, 1 << 20, 1 << 31, 0xFFFF_FFFE].map {
      (offset: Int) -> BadFile in
      BadFile("at byte \(offset)", with({ $0.offset = offset }, of: stored))
    }
    let methods: [BadFile] = [1, 2, 5, 6, 7, 9, 12, 14, 93, 95, 99, 65_535].map { (method: Int) -> BadFile in
      BadFile("method \(method)", with({ $0.method = method }, of: stored))
    }
    let others: [BadFile] = [
      BadFile("encrypted", with({ $0.flags = 1 }, of: stored)),
      BadFile("wrong checksum", with({ $0.checksum = 12345 }, of: stored)),
      BadFile("wrong checksum, deflated", with({ $0.checksum = 12345 }, of: deflated)),
      BadFile("64-bit size missing", with({ $0.size = 0xFFFF_FFFF }, of: stored)),
      BadFile(
        "64-bit size cut",
        with(
          {
            $0.size = 0xFFFF_FFFF; $0.extra = [1, 0, 8, 0, 1, 2]
          }, of: stored)),
      BadFile(
        "64-bit size of 2^63",
        with(
          {
            $0.size = 0xFFFF_FFFF; $0.extra = little(1, 2) + little(8, 2) + little(.min, 8)
          }, of: stored)),
      BadFile(
        "64-bit offset of 2^64−1",
        with(
          {
            $0.offset = 0xFFFF_FFFF; $0.extra = little(1, 2) + little(8, 2) + little(-1, 8)
          }, of: stored)),
      BadFile("no deflate stream", with({ $0.packed = [UInt8](repeating: 0xFF, count: 60) }, of: deflated)),
      BadFile("half a stream", with({ $0.packed = Array(packed.prefix(packed.count / 2)) }, of: deflated)),
      BadFile("no stream", with({ $0.packed = [] }, of: deflated)),
      BadFile("one name twice", zip([stored, stored])),
      BadFile("overlapping entries", zip([stored, with({ $0.offset = 0 }, of: second, as: ())])),
      BadFile("no arrays", zip([ZipSample(name: "readme", content: [1, 2, 3])])), BadFile("no entries", zip([])),
      BadFile("an array that is none", zip([ZipSample(content: [1, 2, 3])])),
      BadFile("an array of objects", zip([ZipSample(content: HostileNumPyTests.types[0].bytes)])),
    ]
    return sizes + offsets + methods + others
  }

  private static func with(_ change: (inout ZipSample) -> Void, of sample: ZipSample, as _: Void) -> ZipSample {
    var entry = sample
    change(&entry)
    return entry
  }

  private static var ends: [BadFile] {
    let counts = [0, 1, 3, 100, 65_535].map { (count: Int) -> BadFile in
      BadFile("\(count) entries claimed", zip([stored, second], count: count))
    }
    let sizes = [0, 1, 45, 1 << 20, 1 << 31].map { (size: Int) -> BadFile in
      BadFile("directory of \(size) bytes", zip([stored], directorySize: size))
    }
    let places = [0, 1, 1 << 20, 0xFFFF_FFFE].map { (place: Int) -> BadFile in
      BadFile("directory at \(place)", zip([stored], directoryOffset: place))
    }
    let comments = [1, 5, 65_535].map { (length: Int) -> BadFile in
      BadFile("comment of \(length) bytes claimed", zip([stored], commentLength: length))
    }
    let beyond: [UInt8] = [0x50, 0x4B, 6, 7] + little(0, 4) + little(1 << 40, 8) + little(1, 4)
    let absent: [UInt8] = [0x50, 0x4B, 6, 7] + little(0, 4) + little(0, 8) + little(1, 4)
    let others = [
      BadFile("64-bit end beyond the file", zip([stored], between: beyond)),
      BadFile("64-bit end where there is none", zip([stored], between: absent)),
      BadFile("zeros", [UInt8](repeating: 0, count: 200_000)), BadFile("text", Array("PK and nothing more".utf8)),
    ]
    return counts + sizes + places + comments + others
  }

  @Test("are refused in one line each, sixty and more")
  func refused() throws {
    let made = Self.entries + Self.ends
    #expect(try BadFile.refusals(of: made, named: "bad.npz", mustFail: true, read) >= 60)
    let cuts = BadFile.cut(Self.good, at: 0..<Self.good.count)
    #expect(try BadFile.refusals(of: cuts, named: "bad.npz", mustFail: true, read) >= 60)
  }

  @Test("with any byte changed come to values or a line")
  func flipped() throws {
    let refused = try BadFile.refusals(
      of: BadFile.flipped(Self.good, Self.good.indices), named: "bad.npz", mustFail: false, read)
    #expect(refused >= 60)
  }

  @Test("that unpack a hundredfold to gigabytes are refused before they are unpacked")
  func bomb() throws {
    let zeros = rawDeflated([UInt8](repeating: 0, count: 1 << 28))
    let entry = ZipSample(content: [], packed: zeros, method: 8, size: 1 << 28 + 1)
    let data = Data(zip([entry]))
    #expect(data.count < 400_000)
    let line = try complaint { _ = try NumPyArchive(data, path: "bomb.npz").array("a") }
    #expect(line?.contains("unpacks") == true && line?.contains("store it unpacked") == true, "\(line ?? "read")")
    // A stream that is longer than it says is unpacked no further than it says.
    let short = ZipSample(content: [], packed: zeros, method: 8, checksum: 0, size: 1000)
    let other = try complaint { _ = try NumPyArchive(Data(zip([short])), path: "bomb.npz").array("a") }
    #expect(other?.contains("unpacks to more than the 1000 bytes") == true, "\(other ?? "read")")
  }

  private func complaint(_ body: () throws -> Void) throws -> String? {
    do { try body() } catch { return String(describing: error) }
    return nil
  }
}
