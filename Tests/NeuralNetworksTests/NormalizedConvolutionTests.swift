import Foundation
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite("Normalised convolution")
struct NormalizedConvolutionTests {
  private func unit(_ inputs: Int = 64) -> NormalizedConvolution {
    let unit = NormalizedConvolution(inputs, 64, Initialiser(seed: 1))
    let random = Philox(seed: 2)
    unit.normalization.scale.assign(.normal([64], random.split(.noise, 1)) * 0.3 + 1)
    unit.normalization.shift.assign(.normal([64], random.split(.noise, 2)))
    unit.normalization.mean.assign(.normal([64], random.split(.noise, 3)))
    unit.normalization.variance.assign(.uniform([64], in: 0.001..<3, random.split(.noise, 4)))
    return unit
  }

  /// Sums of 576 products in two ways, one of them Winograd's for the larger batch.
  private let folding = Tolerance(relative: 1e-5, ofLargest: 1e-5)

  @Test(
    "folded gives what it gives unfolded", arguments: [2, 23],
    [(false, false), (true, false), (false, true), (true, true)])
  func folded(batch: Int, end: (relu: Bool, withResidual: Bool)) throws {
    let (relu, withResidual) = end
    let unit = unit()
    let x = Tensor.normal([batch, 8, 8, 64], Philox(seed: 3))
    let residual = withResidual ? Tensor.normal([batch, 8, 8, 64], Philox(seed: 4)) : nil
    let unfolded = unit(x, ForwardPass(.evaluation), relu: relu, residual: residual)
    #expect(unfolded.requiresGradient)
    let folded = withoutRecording { unit(x, ForwardPass(.evaluation), relu: relu, residual: residual) }
    #expect(folded.isInChannelBlocks == (batch == 23 && hasBlockedMaps))
    expectClose(folded, unfolded.floats.map(Double.init), shape: [batch, 8, 8, 64], folding, "folded")
  }

  @Test("folds again when any of its parts has changed")
  func changed() {
    let unit = unit()
    let x = Tensor.normal([2, 8, 8, 64], Philox(seed: 5))
    var last = unit(x, ForwardPass(.evaluation)).floats
    let parts = [
      unit.convolution.weight, unit.normalization.scale, unit.normalization.shift, unit.normalization.mean,
      unit.normalization.variance,
    ]
    for part in parts {
      part.assign(part.tensor.detached() * 1.25 + 0.01)
      let folded = withoutRecording { unit(x, ForwardPass(.evaluation)) }
      #expect(folded.floats != last)
      let unfolded = unit(x, ForwardPass(.evaluation))
      expectClose(folded, unfolded.floats.map(Double.init), shape: [2, 8, 8, 64], folding, "folded")
      last = folded.floats
    }
  }

  @Test("offers features before and after its ReLU, whatever path it takes", arguments: [false, true])
  func features(recorded: Bool) throws {
    let unit = unit()
    let x = Tensor.normal([2, 8, 8, 64], Philox(seed: 6))
    let points = [FeaturePoint("a"), FeaturePoint("a", preActivation: true), FeaturePoint("b")]
    func run(_ wanted: Set<FeaturePoint>) -> (ForwardPass, Tensor) {
      let pass = ForwardPass(.evaluation, features: wanted)
      let output =
        recorded
        ? unit(x, pass, residual: x, as: ["a", "b"])
        : withoutRecording { unit(x, pass, residual: x, as: ["a", "b"]) }
      return (pass, output)
    }
    let (pass, output) = run(Set(points))
    for point in [points[0], points[2]] { expectSame(pass.feature(point).floats, output.floats) }
    expectSame(pass.feature(points[1]).relu().floats, output.floats)
    #expect(pass.feature(points[1]).floats.contains { $0 < 0 })
    #expect(run([]).0.features.isEmpty && run([points[0]]).0.features.count == 1)
    expectClose(run([]).1, output.floats.map(Double.init), shape: [2, 8, 8, 64], folding, "without features")
  }

  @Test("random streams of one pass differ, and are the same in the next")
  func streams() {
    let random = Philox(seed: 8).split(.dropout, 3)
    let streams = [ForwardPass(.training, random: random), ForwardPass(.training, random: random)].map { pass in
      (0..<4).map { _ in pass.nextRandom() }
    }
    #expect(streams[0] == streams[1])
    #expect(Set(streams[0].map(\.stream)).count == 4)
  }

  @Test("children's names are joined by points")
  func names() {
    final class Parent: Module {
      let child = Linear(2, 3, Initialiser(seed: 1))
      let own = Parameter(.zeros([2]), .bias)
      func visit(_ visitor: ParameterVisitor) {
        visitor.visit("a.0", child)
        visitor.visit("own", own)
      }
    }
    #expect(Parent().namedParameters.map(\.name) == ["a.0.weight", "a.0.bias", "own"])
  }

  @Test("an unknown feature stops the program with its name")
  func unknown() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ForwardPass(.evaluation).feature(FeaturePoint("layer9", preActivation: true))
    }
    let errors = try #require(result?.standardErrorContent)
    #expect(String(decoding: errors, as: UTF8.self).contains("layer9 before its ReLU"))
  }
}
