import ArgumentParser
import Experiments

/// `kdscope methods`.
struct MethodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods", abstract: "List the distillation methods, or show one with its options.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List all distillation methods.",
      discussion: """
        With --json: "methods", a list of objects with "name", "summary", "family", "year", "needs" (in words), "reads" \
        (what of a step it reads by its defaults), "trainable", "stages" and "loss_of_tensors" (whether kdscope loss can \
        be asked for it).
        """)

    @OptionGroup
    var output: OutputOptions

    func run() throws {
      let table = MethodTable(Vocabulary.standard.methods + Vocabulary.standard.optimizers)
      try output.print(table.document, text: table.text)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one method: what it is, source, options with defaults and ranges.",
      discussion: CatalogPage.jsonKeys + " Also \"tensors\", what kdscope loss reads.")

    @Argument(
      help: "Name of the method, as the list has it.",
      completion: .list((Vocabulary.standard.methods + Vocabulary.standard.optimizers).map(\.name)))
    var name: String

    @OptionGroup
    var output: OutputOptions

    func run() throws {
      let entry = try Listing(Vocabulary.standard.methods + Vocabulary.standard.optimizers).entry(
        name, called: "method", at: "methods show")
      let page = CatalogPage(entry)
      let inputs = try LossAnswer.methods.contains(name) ? LossAnswer.inputs(of: name) : []
      let tensors = inputs.isEmpty ? "" : "tensors of kdscope loss\n" + aligned(inputs.map { [$0] }, indent: "  ")
      try output.print(
        .map(page.members + [.init(key: "tensors", value: .list(inputs.map { .text($0) }))]), text: page.text + tensors)
    }
  }
}
