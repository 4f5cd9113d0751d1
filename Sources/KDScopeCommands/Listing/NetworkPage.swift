import Experiments
import Models
import Support

/// One network in full: its catalogue entry, size and layers, for ten classes and 32×32 colour images.
struct NetworkPage {
  private let page: CatalogPage
  private let network: any Network

  /// - Throws: ``InputError`` if the network cannot be built.
  init(_ entry: CatalogEntry) throws {
    page = CatalogPage(entry)
    let options = try Options([:], for: entry, at: "models show").values
    network = try ModelCatalog.build(ModelSpecification(entry.name, classes: 10, options: options), seed: 0)
  }

  private var parameters: Int { network.layers.reduce(0) { $0 + $1.parameters } }

  var text: String {
    let size = [
      ["parameters", "\(parameters)"], ["multiplications", "\(network.multiplications) for one image"],
    ]
    let layers = network.probePoints.map { point in
      [point.name, point.output.description, point.isRecommended ? "recommended for measurements" : ""]
    }
    return page.text + "size, for 10 classes and 32x32 colour images\n" + aligned(size, indent: "  ")
      + "layers that recipes can name, with height, width, channels of their output\n" + aligned(layers, indent: "  ")
  }

  var document: DocumentNode {
    let layers = network.probePoints.map { point in
      DocumentNode.map([
        "name": .text(point.name), "output": .list(point.output.dimensions.map { .number(Double($0)) }),
        "recommended": .flag(point.isRecommended),
      ])
    }
    return .map(
      page.members + [
        .init(key: "parameters", value: .number(Double(parameters))),
        .init(key: "multiplications", value: .number(Double(network.multiplications))),
        .init(key: "layers", value: .list(layers)),
      ])
  }
}
