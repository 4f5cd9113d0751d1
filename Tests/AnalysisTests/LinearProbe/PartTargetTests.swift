import Analysis
import Datasets
import Testing

@Suite("Parts as targets")
struct PartTargetTests {
  private func set(_ parts: [UInt8], height: Int, width: Int) -> ImageSet {
    ImageSet(
      name: "small", height: height, width: width, channels: 1, classes: ["x"],
      pixels: Array(repeating: 0, count: parts.count), labels: Array(repeating: 0, count: parts.count / height / width),
      masks: parts.map { $0 > 0 ? 1 : 0 }, parts: parts, partNames: ["head", "tail"])
  }

  @Test("are what most pixels of each cell belong to, the first of equally many")
  func cells() {
    let parts: [UInt8] = [
      1, 1, 0, 0,
      1, 2, 2, 0,
      2, 2, 1, 1,
      2, 0, 2, 2,
    ]
    #expect(set(parts, height: 4, width: 4).partTargets(rows: 2, columns: 2) == [1, 0, 2, 1])
    #expect(set(parts, height: 4, width: 4).partTargetNames == ["none", "head", "tail"])
  }

  @Test("follow each other image by image, cells row by row")
  func images() {
    let two: [UInt8] = [0, 1, 2, 0, 2, 2, 1, 0]
    #expect(set(two, height: 2, width: 2).partTargets(rows: 2, columns: 2) == [0, 1, 2, 0, 2, 2, 1, 0])
    #expect(set(two, height: 2, width: 2).partTargets(rows: 1, columns: 2) == [0, 0, 1, 0])
  }
}
