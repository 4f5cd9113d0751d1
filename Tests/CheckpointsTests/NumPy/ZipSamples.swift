import CZlib

/// One entry of a made-up zip file; each number is written as it is given.
struct ZipSample {
  var name = "a.npy"
  var content: [UInt8] = []
  var packed: [UInt8]?
  var method = 0
  var flags = 0
  var checksum: UInt32?
  var size: Int?
  var packedSize: Int?
  var offset: Int?
  var extra: [UInt8] = []
}

/// A zip file, and what its end record claims where that differs.
func zip(
  _ entries: [ZipSample], count: Int? = nil, directorySize: Int? = nil, directoryOffset: Int? = nil,
  comment: [UInt8] = [],
  commentLength: Int? = nil, between: [UInt8] = []
) -> [UInt8] {
  var file: [UInt8] = []
  var directory: [UInt8] = []
  for entry in entries {
    let (offset, packed) = (entry.offset ?? file.count, entry.packed ?? entry.content)
    let sum = entry.checksum ?? UInt32(crc32(0, entry.content, UInt32(entry.content.count)))
    let numbers =
      little(Int(sum), 4) + little(entry.packedSize ?? packed.count, 4) + little(entry.size ?? entry.content.count, 4)
    let name = Array(entry.name.utf8)
    let common = little(20, 2) + little(entry.flags, 2) + little(entry.method, 2) + little(0, 4) + numbers
    file += [0x50, 0x4B, 3, 4] + common + little(name.count, 2) + little(0, 2) + name + packed
    directory += [0x50, 0x4B, 1, 2] + little(20, 2) + common + little(name.count, 2) + little(entry.extra.count, 2)
    directory += little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(offset, 4) + name + entry.extra
  }
  let start = file.count
  let total = count ?? entries.count
  return file + directory + between + [0x50, 0x4B, 5, 6] + little(0, 4) + little(total, 2) + little(total, 2)
    + little(directorySize ?? directory.count, 4) + little(directoryOffset ?? start, 4)
    + little(commentLength ?? comment.count, 2) + comment
}

/// A number, lowest byte first.
func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

/// A raw deflate stream: a zlib stream without its header and checksum.
func rawDeflated(_ bytes: [UInt8]) -> [UInt8] {
  var count = compressBound(UInt(bytes.count))
  var packed = [UInt8](repeating: 0, count: Int(count))
  compress(&packed, &count, bytes, UInt(bytes.count))
  return Array(packed[2..<Int(count) - 4])
}
