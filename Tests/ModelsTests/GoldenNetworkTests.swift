import Models
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite("Whole networks", .tags(.golden))
struct GoldenNetworkTests {
  /// PyTorch's own Float computation is off by up to 3·10⁻⁷ of the largest logit (1.2·10⁻⁶ for VGG-11), as the file
  /// says; Winograd's kernels cost about a digit.
  private let logits = Tolerance(relative: 1e-5, ofLargest: 5e-6)

  /// Gradients of the first layers are sums over all pixels; PyTorch's are off by 3·10⁻⁶ of the largest.
  private let slopes = Tolerance(relative: 1e-5, ofLargest: 1e-5)

  @Test("the formula gives the generator's numbers")
  func formula() throws {
    let text = try #require(Golden.load("models").metadata["formula"])
    let rows = text.split { "[], ".contains($0) }.compactMap { Double($0) }
    #expect(rows.count % 3 == 0 && rows.count >= 48)
    for row in stride(from: 0, to: rows.count, by: 3) {
      #expect(Double(Formula.value(Int(rows[row]), Int(rows[row + 1]), shift: 0, scale: 1)) == rows[row + 2])
    }
  }

  @Test("have PyTorch's logits, features, gradients and training steps", arguments: try Golden.cases("models"))
  func golden(_ golden: GoldenCase) throws {
    switch golden.operation {
    case "evaluation": try evaluation(golden)
    case "training": try training(golden)
    default: golden.reportUnknownOperation()
    }
    StoragePool.trim()
  }

  /// Unfolded on the tape, folded off it; and with features, which take paths of their own.
  private func evaluation(_ golden: GoldenCase) throws {
    let network = try golden.network()
    let images = Formula.images(batch: try golden.integer("batch"), network.specification)
    let expected = try golden.stored("logits")
    try expectClose(network.logits(images), expected, logits)
    try expectClose(network(images, ForwardPass(.evaluation)), expected, logits)
    network.freeze()
    try expectClose(network(images, ForwardPass(.evaluation)), expected, logits)
    guard try golden.flag("features") else { return }
    let points = try golden.parts(after: "layer").map { part in
      let words = part.split(separator: ".")
      return (FeaturePoint("layer\(words[0])", preActivation: words[1] == "before"), try golden.stored("layer\(part)"))
    }
    #expect(points.count == 6)
    let pass = ForwardPass(.evaluation, features: Set(points.map(\.0)))
    try expectClose(network(images, pass), expected, logits)
    for (point, feature) in points {
      for found in [try #require(pass.features[point]), network.feature(point, of: images)] {
        try expectClose(found.slice(0..<1, alongAxis: 0), feature, channelsLast: true, logits)
      }
    }
  }

  private func training(_ golden: GoldenCase) throws {
    let network = try golden.network()
    let images = try Formula.images(
      batch: golden.integer("batch"), network.specification, array: golden.integer("images"))
    let labels = try golden.integers("labels")
    let parameters = network.trainableParameters
    let names = network.namedParameters.filter(\.parameter.role.isTrainable).map(\.name)
    #expect(try names == golden.texts("norms"))
    let optimizer = SGD([ParameterGroup(parameters, weightDecay: 5e-4)], momentum: 0.9, nesterov: true)
    let losses = try golden.stored("losses").doubles()
    for step in 0..<(try golden.integer("steps")) {
      let output = network(images, ForwardPass(.training))
      let loss = crossEntropy(output, labels)
      #expect(abs(Double(loss.item) - losses[step]) < 1e-5 * losses[step], "loss before step \(step)")
      let found = gradients(of: loss, with: parameters.map(\.tensor))
      if step == 0 { try firstStep(golden, network, output, loss, Array(zip(names, found))) }
      optimizer.step(found, learningRate: 0.1)
    }
    // Three steps: errors of gradients times a rate of 0.1, through a network that amplifies them a little.
    try expectClose(
      network.logits(images), golden.stored("logits.evaluation"), Tolerance(relative: 1e-4, ofLargest: 1e-5))
  }

  private func firstStep(
    _ golden: GoldenCase, _ network: any Network, _ output: Tensor, _ loss: Tensor, _ found: [(String, Tensor)]
  ) throws {
    try expectClose(output, golden.stored("logits"), logits)
    try expectClose(loss, golden.stored("loss"), Tolerance(relative: 1e-6))
    for ((name, gradient), norm) in zip(found, try golden.stored("norms").doubles()) {
      #expect(abs(Double(globalNorm([gradient])) - norm) < 1e-5 * norm, "norm of the gradient of \(name)")
    }
    let kept = golden.parts(after: "gradient.")
    #expect(!kept.isEmpty)
    for part in kept {
      let gradient = try #require(found.first { $0.0 == part }).1
      try expectClose(gradient, golden.stored("gradient.\(part)"), slopes)
    }
    let statistics = golden.parts(after: "statistic.")
    #expect(!statistics.isEmpty)
    for part in statistics {
      let parameter = try #require(network.namedParameters.first { $0.name == part }).parameter
      try expectClose(parameter.tensor, golden.stored("statistic.\(part)"), Tolerance(relative: 1e-5, ofLargest: 2e-6))
    }
  }
}
