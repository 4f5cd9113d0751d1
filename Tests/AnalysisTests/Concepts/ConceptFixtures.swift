import Analysis
import Support

/// Maps with concepts where one wants them: `c` marks a concept, `.` none. Any threshold below 1 nat that is above 0.05
/// sees the same, and the background's mean entropy is 0 nats.
func map(foreground: String, background: String = "....", converged: Bool = true, dull: Float = -0.05) -> EntropyMap {
  let concepts = Float(background.count { $0 == "c" })
  let rest = concepts / max(1, Float(background.count) - concepts)
  return EntropyMap(
    entropies: foreground.map { $0 == "c" ? -1 : dull } + background.map { $0 == "c" ? -1 : rest },
    distortion: 0.1, targetDistortion: 0.1, isConverged: converged)
}

/// Probe images of `foreground` cells on the object and 4 on the background.
func probes(_ count: Int, foreground: Int) -> ProbeImages {
  ProbeImages(
    indices: (0..<count).map { 100 + $0 },
    foreground: (0..<count).map { _ in
      [Bool](repeating: true, count: foreground) + [Bool](repeating: false, count: 4)
    })
}

/// Six foreground cells of which the first `count` are concepts.
func cells(_ count: Int) -> String { String(repeating: "c", count: count) + String(repeating: ".", count: 6 - count) }

/// A run whose image `i` has `counts(i)[k − 1]` concepts at epoch k = 1…, and all six at epoch 0.
func run(
  _ role: String, seed: Int, images: Int, background: String, dull: Float = -0.05, _ counts: (Int) -> [Int]
) -> EntropySeries {
  let learned = (0..<images).map(counts)
  let epochs = learned[0].count
  return EntropySeries(
    role: role, seed: seed, epochs: (0...epochs).map { Moment(epoch: $0) },
    maps: [learned.map { _ in map(foreground: cells(6), background: background, dull: dull) }]
      + (0..<epochs).map { epoch in
        learned.map { map(foreground: cells($0[epoch]), background: background, dull: dull) }
      },
    distances: (0...epochs).map(Double.init))
}
