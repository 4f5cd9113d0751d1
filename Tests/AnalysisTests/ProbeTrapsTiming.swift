import Analysis
import Datasets
import Foundation
import Models
import NeuralNetworks
import Statistics
import Support
import Tensors
import Testing

/// What hooks, in-place operations and folded normalisation broke in other tools (grad-cam#78, #88, #147; zennit#193).
@Suite("Probing with accuracy, CKA and entropy", .serialized)
struct ProbeTrapsTiming {
  private let data: DataSplits
  private let settings = EntropySettings(grid: 4, iterations: 2, draws: 4)

  init() throws {
    let entry = try DatasetCatalog.entry("part-shapes")
    let options = try Options(
      ["size": .number(16), "train": .number(60), "development": .number(60), "test": .number(10)], for: entry, at: "")
    data = try DatasetCatalog.load("part-shapes", options, seed: 1)
  }

  private func network() throws -> any Network {
    let network = try ModelCatalog.build(ModelSpecification("resnet8", classes: 10, height: 16, width: 16), seed: 1)
    // Statistics of an untrained network fold to nothing: give it some.
    for (name, parameter) in network.namedParameters where name.hasSuffix("running_mean") {
      parameter.assign(Tensor.normal(parameter.tensor.shape, Philox(seed: 8)) * 0.3)
    }
    return network
  }

  private struct Answers {
    let predictions: Predictions
    let similarities: [[Estimate]]
    let maps: [EntropyMap]
  }

  private func logits(_ network: any Network) -> [Float] {
    let set = data.development
    let maker = BatchMaker(set, normalization: data.normalization, augmentation: nil, seed: 0)
    let images = Tensor(shape: [set.count, set.height, set.width, set.channels]) {
      maker.fill($0, indices: Array(0..<set.count)[...], epoch: 0)
    }
    // Recorded where the network is trainable, which keeps normalisation apart from convolutions.
    return network(images, ForwardPass(.evaluation)).floats
  }

  private func ask(_ network: any Network) throws -> Answers {
    let predictions = Predictions(
      logits: logits(network), labels: data.development.labels.map(Int.init), classes: 10)
    let grams = NetworkGrams.of(
      network, at: ["layer1", "layer3", "fc"], on: data.development, count: 20, data.normalization)
    let probe = ConceptProbe(
      network, at: FeaturePoint("layer3"), settings, development: data.development, normalization: data.normalization,
      random: Philox(seed: 1).split(.noise))
    return Answers(
      predictions: predictions, similarities: try LinearCKA.matrix(grams, grams).map { try $0.map { try $0.get() } },
      maps: probe.maps(of: ProbeSet(data.development, count: 2, grid: 4)) { _ in })
  }

  @Test("a hundred times leaves the network as it was, to the bit, and the resident size steady")
  func hundredProbes() throws {
    let network = try network()
    network.freeze()
    func bits() -> [[UInt32]] { network.namedParameters.map { $0.parameter.tensor.floats.map(\.bitPattern) } }
    let before = bits()
    let first = try ask(network)
    for _ in 0..<19 { _ = try ask(network) }
    let settled = residentBytes()
    for _ in 0..<80 { _ = try ask(network) }
    let last = try ask(network)
    #expect(bits() == before)
    #expect(last.predictions == first.predictions && last.maps == first.maps)
    #expect(last.similarities.flatMap { $0.map(\.value) } == first.similarities.flatMap { $0.map(\.value) })
    // One probe's images and features are about 2 MB: eighty of them kept would be 160.
    #expect(residentBytes() - settled < 16_000_000, "grew from \(settled) to \(residentBytes()) bytes")
  }

  @Test("gives the same numbers whether normalisation is folded into convolutions or not")
  func folded() throws {
    let network = try network()
    // Trainable: the tape keeps convolution and normalisation apart for what is recorded.
    let unfolded = Predictions(logits: logits(network), labels: data.development.labels.map(Int.init), classes: 10)
    network.freeze()
    let folded = Predictions(logits: logits(network), labels: data.development.labels.map(Int.init), classes: 10)
    #expect(folded.choices == unfolded.choices && folded.accuracy == unfolded.accuracy)
    for (a, b) in zip(folded.probabilities, unfolded.probabilities) { #expect(abs(a - b) < 1e-5) }

    let frozen = try ask(network)
    network.thaw()
    let trainable = try ask(network)
    for (a, b) in zip(frozen.similarities.joined(), trainable.similarities.joined()) {
      #expect(abs(a.value - b.value) < 1e-4, "\(a) and \(b)")
    }
    for (a, b) in zip(frozen.maps, trainable.maps) {
      // The same draws through sums in another order: rounding, grown by two iterations.
      let largest = zip(a.entropies, b.entropies).map { abs($0 - $1) }.max() ?? 1
      #expect(largest < 5e-3, "entropies differ by \(largest) nats")
    }
  }

  @Test("gives a CKA that depends neither on the batch nor on how many features fit at a time")
  func bounded() throws {
    let network = try network()
    network.freeze()
    func values(batch: Int, largest: Int) throws -> [Double] {
      let grams = NetworkGrams.of(
        network, at: ["conv1", "layer2"], on: data.development, count: 30, data.normalization, batch: batch,
        largest: largest)
      return try LinearCKA.matrix(grams, grams).joined().map { try $0.get().value }
    }
    let whole = try values(batch: 30, largest: 1 << 26)
    for (a, b) in zip(whole, try values(batch: 7, largest: 30 * 1000)) { #expect(abs(a - b) < 1e-5) }
  }

  @Test("compares the ends of stages and the logits, each under one name")
  func layers() throws {
    #expect(NetworkGrams.layers(of: try network()).suffix(2) == ["layer3", "fc"])
    let vgg = try ModelCatalog.build(ModelSpecification("vgg11", classes: 10), seed: 1)
    let names = NetworkGrams.layers(of: vgg)
    #expect(names.contains("fc3") && !names.contains { $0.hasPrefix("classifier") }, "\(names)")
  }
}

/// Bytes of this process in memory.
private func residentBytes() -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
  let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  return pages * 4096
}
