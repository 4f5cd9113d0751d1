import ArgumentParser
import Experiments

/// `kdscope datasets`.
struct DatasetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets", abstract: "List the data sets, or show one with its options.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List all data sets.",
      discussion: "With --json: \"datasets\", a list of objects with \"name\" and \"summary\".")

    @OptionGroup
    var output: OutputOptions

    func run() throws { try Listing(Vocabulary.standard.datasets).print("datasets", output) }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one data set: what it is, source, options with defaults and ranges.",
      discussion: CatalogPage.jsonKeys)

    @Argument(
      help: "Name of the data set, as the list has it.", completion: .list(Vocabulary.standard.datasets.map(\.name)))
    var name: String

    @OptionGroup
    var output: OutputOptions

    func run() throws {
      let entry = try Listing(Vocabulary.standard.datasets).entry(name, called: "data set", at: "datasets show")
      let page = CatalogPage(entry)
      try output.print(page.document, text: page.text)
    }
  }
}
