import Support
import Testing

@Suite("Checksums")
struct CRC32Tests {
  @Test("have the check values of their standards")
  func checkValues() {
    #expect(CRC32.standard.checksum("123456789".utf8) == 0xCBF4_3926)
    #expect(CRC32.castagnoli.checksum("123456789".utf8) == 0xE306_9283)
    #expect(CRC32.standard.checksum([]) == 0)
  }

  @Test("bytes of integers come lowest first")
  func bytes() { #expect(UInt32(0x0102_0304).littleEndianBytes == [4, 3, 2, 1]) }
}
