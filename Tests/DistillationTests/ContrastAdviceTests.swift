import Distillation
import NeuralNetworks
import Testing

@Suite("What CRD says before a training")
struct ContrastAdviceTests {
  private func advice(_ negatives: Double?, images: Int, batch: Int) throws -> String? {
    let (student, teacher) = (try network("cnn2", seed: 1), try network("cnn2", seed: 2))
    let setup = MethodSetup(
      student: student, teacher: teacher, initialiser: Initialiser(seed: 3),
      trainingLabels: (0..<images).map { $0 % 10 }, batchSize: batch, place: "tiny")
    return try MethodRegistry.make("crd", negatives.map { ["negatives": .number($0)] } ?? [:], setup).advice
  }

  @Test("is nothing where negatives are few")
  func quiet() throws { #expect(try advice(1024, images: 2000, batch: 64) == nil) }

  /// 64 · 16385 · 128 · 4 B · 2 = 1.0738 GB; 64 · 1025 · 1024 B = 0.0672 GB; 20,000 · 1024 B = 0.0205 GB.
  @Test("is the memory of negatives above 1 GB, and what fewer would take")
  func memory() throws {
    let line = try #require(try advice(nil, images: 20_000, batch: 64))
    #expect(
      line == "each step reads 1.07 GB of negatives (64 images × 16385 rows × 128 values × 2 sides) from memories of "
        + "0.02 GB; negatives: 1024 would take 0.07 GB")
    #expect(try advice(nil, images: 20_000, batch: 59) == nil)
  }

  @Test("is that negatives come twice where there are fewer images, and the training still runs")
  func small() throws {
    let line = try #require(try advice(1024, images: 100, batch: 8))
    #expect(
      line == "1024 negatives of each image are drawn with replacement: the largest class leaves 90 images of others")
    #expect(try advice(90, images: 100, batch: 8) == nil)
  }
}
