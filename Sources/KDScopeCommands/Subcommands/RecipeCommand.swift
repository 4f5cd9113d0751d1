import ArgumentParser
import Experiments
import Foundation
import Support

/// `kdscope recipe`.
struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Print a commented recipe, list all keys, or check a recipe without running it.",
    discussion: """
      A recipe that cannot run is refused (exit code 2), what is wrong in its text with file, line and column. The data \
      are loaded and each network takes a step on two images, as before a run. --check says what a run would take: \
      networks and epochs to train, entropy maps to measure, time by a few trial steps on this machine, disk space; and \
      what it could show: the smallest differences that it finds with 80 % power. With --json: "name", "sha256" of the \
      recipe with every default written out, "recipe", that recipe itself, and of --check "estimate" with "trainings", \
      "epochs", "maps", "bytes", "free_bytes" and "seconds" and "smallest_effects" by hypothesis, with --jobs "jobs" with \
      "name", "amount", "seconds", "bytes" and "needs"; of --keys "sections" \
      with "path", "summary", "keys" ("name", "takes", "default", "summary") and "further".
      """)

  @Flag(name: .long, help: "Print the built-in recipe, commented, to start from. (default: no)")
  var example = false

  @Option(
    name: .long, help: ArgumentHelp("Check a recipe. (default: none)", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var check: String?

  @Flag(
    name: .long,
    help: "With --check: list the jobs of the run, how much each is, its time and disk, what it needs. (default: no)")
  var jobs = false

  @Flag(name: .long, help: "List all keys: what each takes, its default, what it means. (default: no)")
  var keys = false

  @OptionGroup(title: "Changes to the checked recipe")
  var changes: RecipeOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    try refuseContradictions()
    if keys { return try output.print(RecipeKeysPage().document, text: RecipeKeysPage().text) }
    if example, !output.json { return try Output.write(Recipe.example) }
    let recipe = try changes.recipe(check)
    let estimate = try example ? nil : self.estimate(of: recipe)
    let forecast = example ? nil : EffectForecast(recipe, below: ExperimentFolders(name: recipe.name).root)
    let document = DocumentNode.map([
      "name": .text(recipe.name), "sha256": .text(SHA256.hexDigest(of: recipe.canonicalYAML)),
      "recipe": recipe.document, "estimate": estimate?.document,
      "jobs": jobs ? estimate?.jobs.document : nil, "smallest_effects": forecast?.document,
    ])
    let list = jobs ? estimate.map { aligned($0.jobs.rows, indent: "  ") } ?? "" : ""
    let rows = (estimate?.rows ?? []) + (forecast.map { [["shows", $0.line]] } ?? [])
    try output.print(
      document, text: "\(check ?? recipe.name): OK: \(recipe.summary)\n" + aligned(rows, indent: "  ") + list)
  }

  /// What a run of the recipe in this folder would take.
  private func estimate(of recipe: Recipe) throws -> WorkEstimate {
    Interrupt.watch()
    let root = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    let experiment = Experiment(recipe, root: root, progress: ProgressDisplay(isQuiet: output.json))
    for line in try experiment.check() { Output.writeError("\(programName): \(line)\n") }
    let estimate = try experiment.estimate(isTimed: true, isFresh: true)
    try estimate.requireSpace(at: experiment.folders.run.path)
    return estimate
  }

  /// Not in `validate()`, which would come before the parser's word on a misspelt option.
  private func refuseContradictions() throws {
    let asked = [(example, "--example"), (keys, "--keys"), (check != nil, "--check")].filter(\.0).map(\.1)
    guard let first = asked.first else {
      throw InputError("recipe", "nothing to do", remedy: "add --example, --keys or --check FILE")
    }
    guard asked.count == 1 else {
      throw InputError(first, "cannot be combined with \(asked[1])", remedy: "use one of them")
    }
    if jobs, check == nil {
      throw InputError("--jobs", "needs a recipe", remedy: "add --check FILE")
    }
    if keys, changes.quick || !changes.overrides.isEmpty {
      throw InputError("--keys", "takes no changes", remedy: "drop them, or add them to --check FILE")
    }
    if example, !output.json, changes.quick || !changes.overrides.isEmpty {
      throw InputError(
        "--example", "takes no changes", remedy: "add --json to see the changed recipe, or edit a copy")
    }
  }
}
