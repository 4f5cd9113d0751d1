import ArgumentParser
import Experiments
import Support

/// `kdscope recipe`.
struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Print a commented recipe, or check one without running it.",
    discussion: """
      A recipe that cannot run is refused with file, line and column (exit code 2). With --json: "name", "sha256" of \
      the recipe with every default written out, and "recipe", that recipe itself.
      """)

  @Flag(name: .long, help: "Print the built-in recipe, commented, to start from. (default: no)")
  var example = false

  @Option(
    name: .long, help: ArgumentHelp("Check a recipe. (default: none)", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var check: String?

  @OptionGroup(title: "Changes to the checked recipe")
  var changes: RecipeOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    try refuseContradictions()
    if example, !output.json { return try Output.write(Recipe.example) }
    let recipe = try changes.recipe(check)
    let document = DocumentNode.map([
      "name": .text(recipe.name), "sha256": .text(SHA256.hexDigest(of: recipe.canonicalYAML)),
      "recipe": recipe.document,
    ])
    try output.print(document, text: "\(check ?? recipe.name): OK: \(recipe.summary)\n")
  }

  /// Not in `validate()`, which would come before the parser's word on a misspelt option.
  private func refuseContradictions() throws {
    guard example != (check != nil) else {
      throw example
        ? InputError("--example", "stands beside --check", remedy: "ask for one of them")
        : InputError("recipe", "nothing is asked", remedy: "add --example or --check FILE")
    }
    if example, !output.json, changes.quick || !changes.overrides.isEmpty {
      throw InputError(
        "--example", "takes no changes", remedy: "add --json to see the recipe that they make, or change a copy")
    }
  }
}
