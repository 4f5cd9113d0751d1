import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite("Statistics of a tensor")
struct TensorStatisticsTests {
  @Test("of known values are known", arguments: [1, 3, 4096, 10_001])
  func known(_ repeats: Int) throws {
    let values = (0..<repeats).flatMap { _ -> [Float] in [1, -3, 0, 2] }
    let statistics = try #require(TensorStatistics(StoredTensor(name: "w", shape: [repeats, 4], floats: values)))
    #expect(abs(statistics.mean) < 1e-12 && abs(statistics.deviation - 3.5.squareRoot()) < 1e-12)
    #expect(statistics.largest == 3 && statistics.zeros == repeats)
    #expect(statistics.notNumbers == 0 && statistics.infinite == 0 && statistics.dead == 0)
  }

  @Test("are over finite values; the others are counted, and so are outputs without weights")
  func broken() throws {
    let values: [Float] = [1, .nan, -.infinity, 3, 0, -0.0, 0, 0, .infinity, 2, 2, 2]
    let statistics = try #require(TensorStatistics(StoredTensor(name: "w", shape: [3, 4], floats: values)))
    #expect(statistics.notNumbers == 1 && statistics.infinite == 2 && statistics.zeros == 4 && statistics.dead == 1)
    #expect(abs(statistics.mean - 10.0 / 9) < 1e-12 && statistics.largest == 3)
  }

  @Test("are the same for the same numbers of another type")
  func types() throws {
    let doubles = StoredTensor(name: "w", shape: [2, 2], doubles: [1, 2, 3, 4])
    let integers = StoredTensor(name: "w", shape: [2, 2], integers: [1, 2, 3, 4])
    let singles = StoredTensor(name: "w", shape: [2, 2], floats: [1, 2, 3, 4])
    #expect(TensorStatistics(doubles) == TensorStatistics(integers))
    #expect(try TensorStatistics(doubles) == TensorStatistics(singles.converted(to: .f16)))
    #expect(try TensorStatistics(doubles) == TensorStatistics(singles.converted(to: .bf16)))
    let complex = StoredTensor(name: "w", type: .c64, shape: [1], bytes: Data(count: 8))
    #expect(TensorStatistics(complex) == nil)
    #expect(TensorStatistics(StoredTensor(name: "w", shape: [0], floats: []))?.deviation == 0)
  }

  /// Half precision as numpy.float16 and bfloat16 as torch.bfloat16 round the same.
  @Test(
    "of rounded values: ties go to even, overflow is infinite",
    arguments: [
      (Float(1.00048828125), UInt16(0x3C00), UInt16(0x3F80)), (1.00146484375, 0x3C02, 0x3F80),
      (65519, 0x7BFF, 0x4780), (65520, 0x7C00, 0x4780), (5.9604645e-8, 0x0001, 0x3380), (2.9802322e-8, 0, 0x3300),
      (-0.0, 0x8000, 0x8000), (6.1e-5, 0x03FF, 0x3880), (1.00390625, 0x3C04, 0x3F80), (1.01171875, 0x3C0C, 0x3F82),
      (3.4e38, 0x7C00, 0x7F80), (.infinity, 0x7C00, 0x7F80),
    ] as [(Float, UInt16, UInt16)])
  func rounding(_ value: Float, _ half: UInt16, _ brain: UInt16) throws {
    let tensor = StoredTensor(name: "w", shape: [1], floats: [value])
    for (type, expected) in [(StoredType.f16, half), (.bf16, brain)] {
      let bytes = try tensor.converted(to: type).bytes
      let bits = UInt16(bytes[bytes.startIndex]) | UInt16(bytes[bytes.startIndex + 1]) << 8
      #expect(bits == expected, "\(type): \(String(bits, radix: 16))")
    }
  }
}
