import ArgumentParser
import Experiments

/// What a command line changes in a recipe.
struct RecipeOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a value of the recipe, such as training.epochs=5; repeatable. (default: none)",
      valueName: "key.path=value"))
  var assignments: [String] = []

  @Flag(name: .long, help: "Use the recipe's quick variant. (default: the full one)")
  var quick = false

  @Option(name: .long, help: "First seed, a whole number from 1. (default: the recipe's)")
  var seed: Int?

  @OptionGroup
  var repetitions: SeedOptions

  @Option(name: .long, help: "Number of processors to use, at most the machine's. (default: the recipe's, else all)")
  var threads: Int?

  func validate() throws {
    try requireWholeNumbers([("--seed", seed, 1...1_000_000)])
    try requireThreads(threads)
    guard let seed else { return }
    if repetitions.isList {
      throw ValidationError("--seed: cannot be combined with a list of seeds; give one of them")
    }
    if seed + repetitions.count - 1 > 1_000_000 {
      throw ValidationError("--seed: the last of \(repetitions.count) seeds is above 1000000; start with a smaller one")
    }
  }

  /// All changes as `key.path=value`, in the order in which they act.
  var overrides: [String] {
    var overrides = assignments
    if let seeds = repetitions.chosen(from: seed ?? 1) ?? seed.map({ [$0] }) {
      // One a line: a recipe's lines have a largest length.
      overrides.append("seeds=[" + seeds.map(String.init).joined(separator: ",\n") + "]")
    }
    if let threads { overrides.append("threads=\(threads)") }
    return overrides
  }

  /// The recipe of a file, or the built-in one, with the changes.
  func recipe(_ path: String?) throws -> Recipe {
    guard let path else { return try Recipe.builtIn(vocabulary: .standard, overrides: overrides, quick: quick) }
    return try Recipe.read(from: path, vocabulary: .standard, overrides: overrides, quick: quick)
  }
}
