import ArgumentParser
import Experiments

/// `kdscope methods`.
struct MethodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods", abstract: "List the ways of distilling, or show one with its options.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List all ways of distilling.",
      discussion: "With --json: \"methods\", a list of objects with \"name\" and \"summary\".")

    @OptionGroup
    var output: OutputOptions

    func run() throws { try Listing(Vocabulary.standard.methods).print("methods", output) }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one method: what it is, source, options with defaults and ranges.",
      discussion: CatalogPage.jsonKeys)

    @Argument(
      help: "Name of the method, as the list has it.", completion: .list(Vocabulary.standard.methods.map(\.name)))
    var name: String

    @OptionGroup
    var output: OutputOptions

    func run() throws {
      let entry = try Listing(Vocabulary.standard.methods).entry(name, called: "method", at: "methods show")
      let page = CatalogPage(entry)
      try output.print(page.document, text: page.text)
    }
  }
}
