import ArgumentParser
import Experiments

/// What a command line changes in a recipe.
struct RecipeOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Override a value of the recipe, such as training.epochs=5; repeatable. (default: none)",
      valueName: "key.path=value"))
  var assignments: [String] = []

  @Flag(name: .long, help: "Take the recipe's quick variant. (default: the whole)")
  var quick = false

  @Option(name: .long, help: "First seed, a whole number from 1. (default: the recipe's)")
  var seed: Int?

  @Option(name: .long, help: "Number of seeds, repetitions of the experiment. (default: the recipe's)")
  var seeds: Int?

  @Option(name: .long, help: "Number of processors to use. (default: the recipe's, else all)")
  var threads: Int?

  func validate() throws {
    try requireWholeNumbers([
      ("--seed", seed, 1...1_000_000), ("--seeds", seeds, 1...1_000), ("--threads", threads, 1...1_024),
    ])
    if let seed, let seeds, seed + seeds - 1 > 1_000_000 {
      throw ValidationError("--seed: the last of \(seeds) seeds is above 1000000; start with a smaller one")
    }
  }

  /// All changes as `key.path=value`, in the order in which they act.
  var overrides: [String] {
    var overrides = assignments
    if seed != nil || seeds != nil {
      let first = seed ?? 1
      overrides.append("seeds=[" + (0..<(seeds ?? 1)).map { String(first + $0) }.joined(separator: ", ") + "]")
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
