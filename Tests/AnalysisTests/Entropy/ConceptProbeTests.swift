import Analysis
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite("Probing a network")
struct ConceptProbeTests {
  private static let settings = EntropySettings(grid: 4, iterations: 6, draws: 8)

  private static func data() throws -> DataSplits {
    let entry = try DatasetCatalog.entry("part-shapes")
    let options = try Options(
      ["size": .number(16), "train": .number(60), "development": .number(120), "test": .number(10)], for: entry, at: "")
    return try DatasetCatalog.load("part-shapes", options, seed: 1)
  }

  private static func network(_ name: String) throws -> any Network {
    try ModelCatalog.build(ModelSpecification(name, classes: 10, height: 16, width: 16), seed: 1)
  }

  private static func probe(_ network: any Network, _ data: DataSplits, _ layer: String) -> ConceptProbe {
    ConceptProbe(
      network, at: FeaturePoint(layer), settings, development: data.development, normalization: data.normalization,
      random: Philox(seed: 1).split(.noise))
  }

  @Test("leaves it as it was, to the bit", arguments: [("resnet8", "layer3"), ("cnn2", "conv1"), ("resnet8", "fc")])
  func unchanged(_ name: String, _ layer: String) throws {
    Threads.use(1)
    let (data, network) = (try Self.data(), try Self.network(name))
    func bits() -> [[UInt32]] { network.namedParameters.map { $0.parameter.tensor.floats.map(\.bitPattern) } }
    let images = Tensor.normal([2, 16, 16, 3], Philox(seed: 3))
    let (before, logits) = (bits(), network.logits(images).floats)
    network.freeze()
    let probe = ProbeSet(data.development, count: 3, grid: 4)
    let first = Self.probe(network, data, layer).maps(of: probe) { _ in }
    #expect(bits() == before && network.logits(images).floats == logits)
    #expect(network.trainableParameters.allSatisfy { !$0.tensor.requiresGradient })
    #expect(first.count == 3 && first.allSatisfy { $0.entropies.count == 16 })
    // Asked again it answers the same, to the bit.
    #expect(Self.probe(network, data, layer).maps(of: probe) { _ in } == first)
  }

  @Test("chooses images evenly over the classes, each with an object and a background")
  func images() throws {
    let data = try Self.data()
    let probe = ProbeSet(data.development, count: 20, grid: 4)
    let classes = probe.images.indices.map { data.development.labels[$0] }
    // Two of each, unless one of the first two has no object or no background in this grid.
    #expect((0..<10).allSatisfy { label in 1...3 ~= classes.count { $0 == label } })
    #expect(Set(probe.images.indices).count == 20)
    #expect(probe.images.foreground.allSatisfy { $0.count == 16 && $0.contains(true) && $0.contains(false) })
    #expect(ProbeSet(data.development, count: 10, grid: 4).images.indices == Array(probe.images.indices[..<10]))
    // More than there are: all that have both.
    let all = ProbeSet(data.development, count: 10_000, grid: 4).images.indices
    #expect(all.count > 60 && Set(all).count == all.count)
  }

  @Test("reports how far it is, and stops when asked to")
  func progress() throws {
    struct Stop: Error {}
    let (data, network) = (try Self.data(), try Self.network("cnn2"))
    let probe = ProbeSet(data.development, count: 40, grid: 4)
    var shares: [Double] = []
    _ = Self.probe(network, data, "conv2").maps(of: probe) { shares.append($0) }
    #expect(shares.first == 0 && shares.last == 1 && shares == shares.sorted() && shares.count > 2)
    var calls = 0
    #expect(throws: Stop.self) {
      try Self.probe(network, data, "conv2").maps(of: probe) { _ in
        calls += 1
        if calls == 2 { throw Stop() }
      }
    }
    #expect(calls == 2)
  }

  @Test("a hundred times needs no more memory than ten times")
  func memory() async {
    await #expect(processExitsWith: .success) {
      func resident() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
      }
      Threads.use(1)
      let (data, network) = (try ConceptProbeTests.data(), try ConceptProbeTests.network("resnet8"))
      network.freeze()
      let probe = ProbeSet(data.development, count: 4, grid: 4)
      var sizes: [Int] = []
      for _ in 0..<100 {
        _ = ConceptProbeTests.probe(network, data, "layer3").maps(of: probe) { _ in }
        sizes.append(resident())
      }
      print("kB after each tenth probe: \(stride(from: 9, to: 100, by: 10).map { sizes[$0] })")
      // One map that is kept by mistake has 200 kB of features: 90 of them would be 18 MB.
      guard sizes[9] > 0, sizes[99] - sizes[9] < 2048 else { exit(3) }
    }
  }
}
