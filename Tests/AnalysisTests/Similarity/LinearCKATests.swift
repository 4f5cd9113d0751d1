import Analysis
import Checkpoints
import Statistics
import Tensors
import TestSupport
import Testing

@Suite("Linear CKA")
struct LinearCKATests {
  private func gram(_ values: Tensor, _ name: String = "layer") -> FeatureGram { FeatureGram(values, name: name) }

  private func normal(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Tensor {
    Tensor.normal([rows, columns], Philox(seed: seed))
  }

  /// Values of numpy in float64, each image left out in turn: Tests/Golden/predictions.py.
  @Test("and its jackknife error agree with numpy", .tags(.golden), arguments: try PredictionTests.cases("cka"))
  func golden(_ golden: GoldenCase) throws {
    let (a, b) = (try golden.stored("input.0"), try golden.stored("input.1"))
    let expected = try golden.stored("output").doubles()
    let estimate = try LinearCKA.similarity(
      gram(Tensor(a.floats(), shape: Shape(a.shape))), gram(Tensor(b.floats(), shape: Shape(b.shape)))
    ).get()
    // Products in single precision over up to 300 centred features.
    #expect(abs(estimate.value - expected[0]) < 2e-6, "\(estimate.value) vs \(expected[0])")
    // The interval ends where the quantity does.
    let ends = [expected[0] - expected[1], expected[0] + expected[1]].map { min(1, max(-1, $0)) }
    let tolerance = 2e-5 * max(1, expected[1])
    #expect(abs((estimate.lower ?? .nan) - ends[0]) < tolerance, "\(estimate)")
    #expect(abs((estimate.upper ?? .nan) - ends[1]) < tolerance, "\(estimate)")
    #expect(estimate.count == a.shape[0] && estimate.method.contains("debiased"))
  }

  @Test("of a layer with itself is 1, also where features outnumber images", arguments: [(12, 300), (200, 7)])
  func itself(_ images: Int, _ features: Int) throws {
    let own = gram(normal(images, features, 1))
    let estimate = try LinearCKA.similarity(own, own).get()
    #expect(abs(estimate.value - 1) < 1e-12 && (estimate.halfWidth ?? 1) < 1e-12)
  }

  @Test("is symmetric, and does not change under rotation, scale and shift")
  func invariance() throws {
    let (x, y) = (normal(50, 6, 2), normal(50, 6, 2) + normal(50, 6, 3))
    let value = try LinearCKA.similarity(gram(x), gram(y)).get()
    #expect(abs(try LinearCKA.similarity(gram(y), gram(x)).get().value - value.value) < 1e-12)
    // A product of reflections I − 2vvᵀ is orthogonal.
    var turned = x
    for seed in 4..<8 as Range<UInt64> {
      let v = normal(6, 1, seed)
      let projected = matrixProduct(matrixProduct(turned, v), v, transposesSecond: true)
      turned = turned - projected * (2 / v.squared().sum().item)
    }
    let moved = turned * 37 + 5
    let same = try LinearCKA.similarity(gram(moved), gram(y)).get()
    #expect(abs(same.value - value.value) < 1e-5 && abs((same.halfWidth ?? 0) - (value.halfWidth ?? 1)) < 1e-5)
    // It does change under a map that is not orthogonal.
    let stretched = x * Tensor([20, 1, 1, 1, 1, 1], shape: [6])
    #expect(abs(try LinearCKA.similarity(gram(stretched), gram(y)).get().value - value.value) > 0.05)
  }

  @Test("of independent features is near 0 at 32 images, where the biased estimator is not")
  func independent() throws {
    var values: [Double] = []
    for seed in 0..<20 as Range<UInt64> {
      let (a, b) = (gram(normal(32, 256, 100 + 2 * seed)), gram(normal(32, 256, 101 + 2 * seed)))
      values.append(try LinearCKA.similarity(a, b).get().value)
    }
    // The biased estimator gives about 0.9 here (n much below the number of features).
    #expect(values.allSatisfy { abs($0) < 0.3 }, "\(values)")
    let centre = try #require(studentInterval(of: values))
    #expect(abs(centre.value) < 0.06, "\(centre)")
  }

  @Test("has an interval that covers the value of many images")
  func interval() throws {
    func pair(_ images: Int, _ seed: UInt64) throws -> Estimate {
      let x = normal(images, 5, seed)
      let y = matrixProduct(x, normal(5, 5, 999)) + normal(images, 5, seed + 500)
      return try LinearCKA.similarity(gram(x), gram(y)).get()
    }
    let truth = try pair(2000, 50).value
    let covered = try (0..<40 as Range<UInt64>).count { seed in
      let estimate = try pair(100, 60 + seed)
      return (estimate.lower ?? 2) <= truth && truth <= (estimate.upper ?? -2)
    }
    // 38 of 40 expected, standard deviation 1.4.
    #expect(covered >= 32, "\(covered) of 40")
  }

  @Test("explains what has no value: one image, three images, a constant layer")
  func problems() {
    func problem(_ a: Tensor, _ b: Tensor) -> String? {
      if case .failure(let problem) = LinearCKA.similarity(gram(a, "layer2"), gram(b, "layer3")) {
        "\(problem)"
      } else {
        nil
      }
    }
    #expect(problem(normal(1, 4, 1), normal(1, 5, 2)) == "debiased HSIC needs at least 4 images, and there is 1")
    #expect(problem(normal(3, 4, 1), normal(3, 5, 2)) == "debiased HSIC needs at least 4 images, and there are 3")
    #expect(problem(normal(8, 4, 1), Tensor.filled(0.1, shape: [8, 5])) == "layer3 is constant on this data")
    #expect(problem(Tensor.zeros([8, 5]), normal(8, 4, 1)) == "layer2 is constant on this data")
    #expect(problem(normal(8, 4, 1), normal(8, 5, 2)) == nil)
  }

  @Test("is the same whether a layer's features come at once or in parts")
  func parts() throws {
    let x = normal(24, 90, 5)
    var sum = GramSum(name: "layer", count: 24)
    for start in stride(from: 0, to: 90, by: 40) { sum.add(x.slice(start..<min(90, start + 40), alongAxis: 1)) }
    let y = gram(normal(24, 10, 6))
    let (whole, parts) = (try LinearCKA.similarity(gram(x), y).get(), try LinearCKA.similarity(sum.gram, y).get())
    #expect(abs(whole.value - parts.value) < 1e-6)
  }

  @Test("averages feature maps over positions if asked, and says how sure it is")
  func poolingAndText() throws {
    let maps = Tensor.normal([10, 3, 5, 4], Philox(seed: 7))
    let pooled = FeatureGram(maps, name: "layer", rule: .pooled)
    let means = gram(maps.mean(alongAxes: [1, 2]))
    #expect(abs(try LinearCKA.similarity(pooled, means).get().value - 1) < 1e-9)
    let flat = gram(maps.reshaped([10, 60]))
    #expect(abs(try LinearCKA.similarity(FeatureGram(maps, name: "layer"), flat).get().value - 1) < 1e-9)
    #expect(try LinearCKA.similarity(flat, flat).get().similarityText == "1.000 (debiased, n = 10, ± 0.000)")
    let negative = Estimate(-0.0456, lower: -0.1456, upper: 0.0544, count: 12, method: "")
    #expect(negative.similarityText == "−0.046 (debiased, n = 12, ± 0.100)")
  }
}
