import Analysis
import Foundation
import Tensors
import Testing

@Suite("Entropy solver: what a map must not depend on")
struct IndependenceTests {
  private let images = SmallSolver.images(4)

  private func small() -> SmallSolver {
    var small = SmallSolver()
    small.variance = 150
    small.feature = SmallSolver.convolved
    return small
  }

  @Test("is the batch: neither its size nor the images beside it")
  func batch() {
    var small = small()
    let together = small.solve(images)
    for place in [0, 3] {
      let alone = small.solve(images.slice(place..<place + 1, alongAxis: 0), identifiers: [place])[0]
      // Same draws; only the order of sums in single precision may differ, and the solver passes it on.
      #expect(difference(alone, together[place]) < 1e-3)
      #expect(abs(alone.distortion / together[place].distortion - 1) < 1e-3)
    }
    for size in [1, 7, 1000] {
      small.settings.batch = size
      for (map, other) in zip(small.solve(images), together) { #expect(difference(map, other) < 1e-3) }
    }
    // Another image under the same identifier, or the same image under another one, is another map.
    #expect(difference(small.solve(images, identifiers: [3, 2, 1, 0])[0], together[0]) > 1e-3)
  }

  @Test("is the start, beyond what other draws change", arguments: [1e-4, 1e-3, 0.3, 3])
  func start(_ sigma: Double) {
    var small = small()
    let reference = small.solve(images)
    small.seed = 2
    let otherDraws = small.solve(images)
    small.start = sigma
    let otherStart = small.solve(images)
    for image in 0..<4 {
      let noise = difference(otherDraws[image], reference[image])
      #expect(otherStart[image].isConverged)
      #expect(difference(otherStart[image], reference[image]) < 1.5 * noise + 0.02, "image \(image): \(noise)")
    }
  }

  @Test("is told: the error of D that a map reports is that of its draws")
  func error() throws {
    var small = small()
    let maps = small.solve(images)
    // Another stream, so that these draws are not those that the maps were fitted to.
    small.seed = 77
    let exact = small.solver.distortions(of: maps, images, identifiers: [0, 1, 2, 3], draws: 8192)
    for (map, distortion) in zip(maps, exact) {
      let error = try #require(map.distortionError)
      // D of one draw varies by some 10 to 40 %; some hundred draws decide the scale.
      #expect(error > 0.002 && error < 0.06, "\(error)")
      // Four standard errors; the exact value's own is far smaller.
      #expect(abs(log(map.distortion / distortion)) < 4 * error + 0.01)
      #expect(abs(log(distortion / map.targetDistortion)) < 4 * error + 0.02)
    }
    small.settings.scalingDraws *= 16
    small.seed = 1
    for (map, longer) in zip(maps, small.solve(images)) {
      let ratio = try #require(longer.distortionError) / (try #require(map.distortionError))
      #expect(abs(ratio - 0.25) < 0.1, "sixteen times the draws, a quarter of the error: \(ratio)")
    }
  }

  @Test("is how colours were scaled: σ is in units of pixels in [0, 1]")
  func deviation() {
    var small = SmallSolver()
    small.deviation = [0.5, 0.25, 1]
    // D = Σ σ² · 4 pixels · (1/0.5² + 1/0.25² + 1) / δ².
    let expected = 0.5 * log(0.1 * 7 / (16 * 4 * (4 + 16 + 1)))
    for map in small.solve(images) {
      let mean = sigmas(of: map).reduce(0) { $0 + log($1) } / 16
      #expect(abs(mean - expected) < 0.02)
    }
  }
}
