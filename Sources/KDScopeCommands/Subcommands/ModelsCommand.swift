import ArgumentParser
import Experiments
import Models

/// `kdscope models`.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List the networks, or show one with its layers and options.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List all networks.",
      discussion: "With --json: \"models\", a list of objects with \"name\" and \"summary\".")

    @OptionGroup
    var output: OutputOptions

    func run() throws {
      let families = ModelCatalog.names.map { family in
        "\(family.title)\n  \(family.names.joined(separator: "  "))\n"
      }
      try Listing(Vocabulary.standard.models).print("models", output, text: families.joined())
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one network: source, options, size, and the layers that recipes can name.",
      discussion: CatalogPage.jsonKeys + """
         A network has "parameters", "multiplications" of one image, and "layers" with "name", "output" (height, width, \
        channels) and "recommended" besides, for 10 classes and 32x32 colour images.
        """)

    @Argument(
      help: "Name of the network, as the list has it.", completion: .list(Vocabulary.standard.models.map(\.name)))
    var name: String

    @OptionGroup
    var output: OutputOptions

    func run() throws {
      let page = try NetworkPage(ModelCatalog.entry(name, at: "models show"))
      try output.print(page.document, text: page.text)
    }
  }
}
