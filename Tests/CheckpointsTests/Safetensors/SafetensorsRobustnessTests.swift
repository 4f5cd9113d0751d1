import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

/// Error or value, never a crash.
@Suite("Safetensors that are damaged")
struct SafetensorsRobustnessTests {
  private func bytes() throws -> Data {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      try smallFile.write(to: url)
      return try Data(contentsOf: url)
    }
  }

  /// Uses all that a reader may ask of a file.
  private func touch(_ file: Safetensors) {
    for tensor in file.tensors {
      _ = try? tensor.floats()
      _ = try? tensor.integers()
    }
  }

  @Test("are refused at each length below the whole")
  func truncated() throws {
    let whole = try bytes()
    for count in 0..<whole.count {
      let error = #expect(throws: InputError.self) { try Safetensors(whole.prefix(count), path: "x.safetensors") }
      let text = error?.description ?? ""
      #expect(text.hasPrefix("x.safetensors: "))
      #expect(text.contains(count == 0 ? "is empty" : count < 8 ? "too few" : "incomplete"), "\(count) bytes")
    }
    #expect(throws: InputError.self) { try Safetensors(whole + [0], path: "x") }
  }

  @Test("with any bit flipped are an error or a value")
  func flipped() throws {
    let whole = try bytes()
    var refused = 0
    for place in whole.indices {
      for bit in 0..<8 {
        var damaged = whole
        damaged[place] ^= 1 << UInt8(bit)
        do {
          touch(try Safetensors(damaged, path: "x"))
        } catch {
          #expect(error is InputError)
          refused += 1
        }
      }
    }
    // Most of the header is structure; data, names and metadata are free.
    #expect(refused > whole.count * 2)
  }

  @Test("with random bytes anywhere are an error or a value", arguments: 0..<8)
  func scrambled(_ seed: UInt64) throws {
    let whole = try bytes()
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let signs = Array("{}[]\",:0123456789\\u-.e \n".utf8)
    for _ in 0..<2_000 {
      var damaged = whole
      for _ in 0...random(6) {
        damaged[random(4) == 0 ? random(whole.count) : 8 + random(whole.count - 60)] =
          random(2) == 0 ? signs[random(signs.count)] : UInt8(random(256))
      }
      do { touch(try Safetensors(damaged, path: "x")) } catch { #expect(error is InputError) }
    }
  }
}
