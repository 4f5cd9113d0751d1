import Datasets
import Foundation
import Support
import Testing

@Suite("IDX files") struct IDXFileTests {
  private let sample = idx([2, 3, 5], Array(0..<30))

  @Test("are read plain and packed, whatever their name", arguments: ["plain.gz", "packed"])
  func happyPath(name: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(name, name == "packed" ? gzip(sample) : sample)
    let file = try IDXFile(path: path, rank: 3)
    #expect(file.dimensions == [2, 3, 5])
    #expect(try file.values() == Array(0..<30))
  }

  @Test("of two gzip members are read through")
  func members() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("two.gz", gzip(Array(sample[..<20])) + gzip(Array(sample[20...])))
    #expect(try IDXFile(path: path, rank: 3).values() == Array(0..<30))
  }

  @Test("cut short anywhere give one clear line", arguments: [false, true])
  func truncated(isPacked: Bool) throws {
    let folder = try TemporaryFolder()
    let bytes = isPacked ? try gzip(sample) : sample
    for length in 0..<bytes.count {
      let path = try folder.write("cut", Array(bytes[..<length]))
      let line = try #require(try complaint { _ = try IDXFile(path: path, rank: 3).values() }, "length \(length)")
      #expect(line.hasPrefix("\(path): ") && !line.contains("\n"))
      #expect(line.contains("truncated") || line.contains("not an IDX file"), "length \(length): \(line)")
    }
  }

  @Test("with any byte changed give an error or values, never a crash", arguments: [false, true])
  func flipped(isPacked: Bool) throws {
    let folder = try TemporaryFolder()
    let bytes = isPacked ? try gzip(sample) : sample
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 0xFF
      let path = try folder.write("changed", changed)
      let line = try complaint {
        let file = try IDXFile(path: path, rank: 3)
        #expect(try file.values().count == 30)
      }
      // A packed file has a checksum: changes are seen everywhere but in the notes of its header (time, system).
      if isPacked && !(4..<10).contains(place) { #expect(line != nil, "byte \(place)") }
    }
  }

  @Test(
    "that are hostile are refused with what is wrong",
    arguments: [
      ([1, 0, 8, 3] + [UInt8](repeating: 0, count: 40), "not an IDX file"),
      ([0, 0, 0x0D, 3] + [UInt8](repeating: 0, count: 40), "type 13"),
      (idx([30], Array(0..<30)), "1 dimensions"),
      (idx([2, 3, 5], Array(0..<31)), "goes on after"),
      (idx([0, 3, 5], []), "empty"),
      (idx([.max, .max, .max], [1]), "more than fit in memory"),
      (idx([60_000, 28, 28], [1]), "more than the file can hold"),
      (idx([.max, 28, 28], [1]), "more than the file can hold"),
    ] as [([UInt8], String)])
  func hostile(bytes: [UInt8], expected: String) throws {
    let folder = try TemporaryFolder()
    for packed in [false, true] {
      let path = try folder.write("hostile", packed ? gzip(bytes) : bytes)
      let line = try #require(try complaint { _ = try IDXFile(path: path, rank: 3).values() })
      #expect(line.contains(expected), "\(line)")
    }
  }

  @Test("that unpack to more than they declare are not unpacked further")
  func bomb() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("bomb", gzip(idx([2, 3, 5], [UInt8](repeating: 0, count: 20_000_000))))
    let line = try complaint { _ = try IDXFile(path: path, rank: 3).values() }
    #expect(line?.contains("goes on after") == true)
  }

  @Test("that are absent or folders are refused by name")
  func absent() throws {
    let folder = try TemporaryFolder()
    let missing = folder.url.path + "/missing"
    #expect(
      try complaint { _ = try IDXFile(path: missing, rank: 3).values() }?.hasPrefix("\(missing): no such file") == true)
    let line = try complaint { _ = try IDXFile(path: folder.url.path, rank: 3).values() }
    #expect(line?.contains("is a folder") == true)
  }
}
