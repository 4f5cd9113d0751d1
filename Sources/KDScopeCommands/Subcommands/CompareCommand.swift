import ArgumentParser
import Distillation
import Experiments
import Support

extension StudentRecipe.Budget: ExpressibleByArgument {}

/// `kdscope compare`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare methods with the same data, teacher, student and budget; ranked, with intervals.",
    discussion: """
      The baseline, trained on labels alone, and plain kd are always among them. Data, networks, training and analysis \
      are the recipe's; its own terms are ignored. Leaves reports/NAME/report.md and notebooks-data/NAME/*.csv. The \
      same command continues a comparison that was stopped; with one more method, only that one is trained. Prints the \
      ranking; the last line is the report's path.
      """)

  @Argument(
    help: """
      Methods: NAME with the weights of its paper, NAME:key=value,key=value (weight and labels among the keys), or \
      several joined by +, such as kd+crd. For the list see kdscope methods.
      """, completion: .list(MethodRegistry.entries.map(\.name)))
  var methods: [String]

  @Option(
    name: .long, help: ArgumentHelp("A recipe. (default: the built-in one)", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String?

  @OptionGroup(title: "Changes to the recipe")
  var changes: RecipeOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      What training.epochs counts: total, all epochs in which the student learns, including a method's own stage (its \
      share is the paper's unless NAME:key=value says otherwise); or joint, such stages come on top.
      """, valueName: "budget"))
  var budget = StudentRecipe.Budget.total

  @OptionGroup
  var retry: RetryOptions

  @OptionGroup
  var work: WorkOptions

  @OptionGroup
  var forms: FormOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let compared = try Recipe.comparison(
      of: methods, path: recipe, overrides: changes.overrides, quick: changes.quick, budget: budget)
    let experiment = work.experiment(compared.recipe, comparing: true)
    experiment.forms = forms.forms
    experiment.retriesFailed = retry.retryFailed
    if compared.hadTerms, !work.quiet {
      Output.writeError("\(programName): the recipe's own terms and label weight are ignored\n")
    }
    let page = OutcomePage(try experiment.run(resumes: true), experiment.folders, forms.forms)
    try output.print(page.document, text: page.text)
    try experiment.requireNothingLeftOut()
  }
}
