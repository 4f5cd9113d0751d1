import Datasets
import Testing

@Suite("Image sets") struct ImageSetTests {
  @Test("a subset takes pixels, labels, masks and parts together")
  func subset() {
    let whole = ImageSet(
      name: "three", height: 1, width: 2, channels: 3, classes: ["a", "b", "c"], pixels: Array(0..<18),
      labels: [0, 1, 2], masks: [0, 1, 1, 0, 1, 1], parts: [0, 2, 1, 0, 2, 1], partNames: ["head", "tail"])
    let chosen = whole.subset([2, 0])
    #expect(chosen.count == 2)
    #expect(chosen.pixels == [12, 13, 14, 15, 16, 17, 0, 1, 2, 3, 4, 5])
    #expect(chosen.labels == [2, 0])
    #expect(chosen.masks == [1, 1, 0, 1])
    #expect(chosen.parts == [2, 1, 0, 2])
    #expect(chosen.classCounts == [1, 0, 1])
  }

  @Test("pixels that do not match the labels stop the program")
  func mismatch() async {
    await #expect(processExitsWith: .failure) {
      _ = ImageSet(name: "x", height: 2, width: 2, channels: 1, classes: ["a"], pixels: [1, 2, 3], labels: [0])
    }
  }

  @Test("normalisation is the mean and deviation of each channel")
  func normalization() {
    let set = noiseSet(count: 50, height: 6, width: 9, channels: 3)
    let normalization = Normalization(of: set)
    for channel in 0..<3 {
      let values = stride(from: channel, to: set.pixels.count, by: 3).map { Double(set.pixels[$0]) / 255 }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      // Results are rounded to Float, 6e-8 relative.
      #expect(abs(Double(normalization.mean[channel]) - mean) < 1e-6)
      #expect(abs(Double(normalization.std[channel]) - variance.squareRoot()) < 1e-6)
    }
  }

  @Test("a constant channel still gets a positive deviation")
  func constantChannel() {
    let set = ImageSet(
      name: "flat", height: 2, width: 2, channels: 1, classes: ["a"], pixels: [9, 9, 9, 9], labels: [0])
    #expect(Normalization(of: set) == Normalization(mean: [9.0 / 255], std: [1.0 / 255]))
  }
}
