import Checkpoints
import Foundation
import Testing

@Suite("Two checkpoints")
struct CheckpointDifferenceTests {
  private func floats(_ name: String, _ values: [Float]) -> StoredTensor {
    StoredTensor(name: name, shape: [values.count], floats: values)
  }

  private func file(_ tensors: StoredTensor...) -> Safetensors { Safetensors(tensors: tensors) }

  @Test("that are the same are the same in any order, NaN and all")
  func same() {
    let (a, b) = (floats("a", [1, .nan, -2]), floats("b", [0, 0]))
    let difference = CheckpointDifference(file(a, b), file(b, a))
    #expect(difference.isSame(tolerance: 0))
    #expect(difference.pairs.map(\.name) == ["a", "b"])
    #expect(difference.renamed.isEmpty && difference.prefix == nil)
  }

  @Test("that differ have distance, cosine and sign flips as by hand, without the values that are not finite")
  func values() throws {
    let difference = CheckpointDifference(
      file(floats("w", [3, 4, -1, .nan, 0])), file(floats("w", [3, -4, .infinity, 1, 0])))
    let values = try #require(difference.pairs[0].values)
    // Places 0, 1 and 4 are finite in both: |b − a| = 8, |a| = 5, a·b = 9 − 16.
    #expect(values.relativeDistance == 8.0 / 5)
    #expect(values.cosine == -7.0 / 25)
    #expect(values.largest == 8 && values.signFlips == 1)
    #expect(values.nonFinite == 1 && values.otherNonFinite == 1 && values.count == 5)
    #expect(!difference.isSame(tolerance: 1) && difference.relativeDistance == 1.6)
  }

  @Test("count as the same within the tolerance only", arguments: [(0.0, false), (0.009, false), (0.011, true)])
  func tolerance(_ tolerance: Double, _ expected: Bool) {
    let difference = CheckpointDifference(file(floats("w", [3, 4])), file(floats("w", [3, 4.05])))
    #expect(difference.isSame(tolerance: tolerance) == expected)
    #expect(difference.different(tolerance: tolerance).isEmpty == expected)
  }

  @Test("one of which has a prefix are compared below it", arguments: ["module.", "_orig_mod.module."])
  func prefix(_ text: String) throws {
    let tensors = [floats("conv.weight", [1, 2]), floats("fc.weight", [3, 4])]
    let long = Safetensors(tensors: [floats(text + "conv.weight", [1, 2]), floats(text + "fc.weight", [3, 5])])
    let short = Safetensors(tensors: tensors)
    for (a, b, isOfFirst) in [(long, short, true), (short, long, false)] {
      let difference = CheckpointDifference(a, b)
      #expect(difference.prefix == .init(text: text, isOfFirst: isOfFirst))
      #expect(difference.pairs.count == 2 && difference.missing.isEmpty && difference.extra.isEmpty)
      #expect(difference.different(tolerance: 0).count == 1)
      #expect(!difference.isSame(tolerance: 1))
    }
  }

  @Test("have a tensor renamed where one other has its values, and never by chance")
  func renamed() {
    let a = file(floats("old", [1, 2]), floats("x", [5]), floats("twin.a", [7, 7]), floats("lost", [9, 9]))
    let b = file(floats("new", [1, 2]), floats("y", [5]), floats("twin.b", [7, 7]), floats("twin.c", [7, 7]))
    let difference = CheckpointDifference(a, b)
    #expect(difference.renamed.map(\.name) == ["old"] && difference.renamed.map(\.otherName) == ["new"])
    #expect(difference.missing.map(\.name) == ["x", "twin.a", "lost"])
    #expect(difference.extra.map(\.name) == ["y", "twin.b", "twin.c"])
  }

  @Test("of other shape or type differ, another type only beyond a tolerance; PyTorch's counters never do")
  func kinds() {
    let double = StoredTensor(name: "w", shape: [2], doubles: [1, 2])
    let counter = StoredTensor(name: "bn.num_batches_tracked", shape: [], integers: [7])
    let types = CheckpointDifference(file(floats("w", [1, 2]), counter), file(double))
    #expect(types.missing.isEmpty && !types.isSame(tolerance: 0) && types.isSame(tolerance: 1e-9))
    let shapes = CheckpointDifference(
      file(floats("w", [1, 2])), file(StoredTensor(name: "w", shape: [2, 1], floats: [1, 2])))
    #expect(shapes.pairs[0].values == nil && !shapes.isSame(tolerance: 1e9))
    let integers = CheckpointDifference(
      file(StoredTensor(name: "n", shape: [1], integers: [7])), file(StoredTensor(name: "n", shape: [1], integers: [8]))
    )
    #expect(integers.pairs[0].values?.largest == 1)
    // Types without numbers of their own are compared byte by byte.
    let odd = { (byte: UInt8) in StoredTensor(name: "f", type: .f8e4m3, shape: [1], bytes: Data([byte])) }
    #expect(CheckpointDifference(file(odd(3)), file(odd(3))).isSame(tolerance: 0))
    #expect(!CheckpointDifference(file(odd(3)), file(odd(4))).isSame(tolerance: 0))
  }
}
