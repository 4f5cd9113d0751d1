import Support

/// A recipe of which methods are compared, and what was set aside for it.
public struct ComparedRecipe: Sendable {
  /// One student for each method, the plain one among them.
  public let recipe: Recipe
  /// Whether the recipe that it was made from had terms of its own.
  public let hadTerms: Bool
}

extension Recipe {
  /// Name of the student that all others are held against, beside the baseline.
  public static let plainMethod = "kd"

  /// Keys of a recipe that say how its own students learn.
  private static let studentKeys = [
    "distillation", "schedule", "classifier-epochs", "budget", "students", "assistants",
  ]

  /// The recipe of a comparison: data, teacher, student's network, training and analysis are a recipe's, its students
  /// are methods.
  ///
  /// A recipe's own terms are set aside, with the weight of the labels beside them. A recipe without terms is one for
  /// comparisons: its `labels.weight` (1 unless given) is that of every method that has none of its own, and the run
  /// has its name; otherwise `-comparison` is added.
  ///
  /// - Parameters:
  ///   - methods: `NAME`, `NAME:key=value,…`, or several of them joined by `+`; plain `kd` is added if it is not there.
  ///   - path: the recipe's file; nil for the built-in one.
  ///   - overrides: `key.path=value`, later ones win.
  ///   - quick: whether the recipe's `quick` section is applied.
  ///   - budget: `total`: every student learns for `training.epochs`, stages before the joint training among them
  ///     (``StudentRecipe/sharing(_:stated:at:)``); `joint`: such stages come on top.
  ///   - vocabulary: the data sets, models and methods that may be named.
  /// - Returns: a valid recipe.
  /// - Throws: ``InputError`` for whatever cannot run.
  public static func comparison(
    of methods: [String], path: String?, overrides: [String] = [], quick: Bool = false,
    budget: StudentRecipe.Budget = .total, vocabulary: Vocabulary = .standard
  ) throws -> ComparedRecipe {
    for key in overrides.compactMap({ $0.split(separator: "=").first }) {
      guard let first = key.split(separator: ".").first, studentKeys.contains(String(first)) else { continue }
      throw InputError(
        "--set \(key)", "compare takes methods from its arguments",
        remedy: "write NAME:key=value there, such as kd:temperature=8")
    }
    var choices = try methods.map { try MethodChoice($0, methods: vocabulary.methods) }
    for (index, choice) in choices.enumerated() where choices[..<index].contains(where: { $0.name == choice.name }) {
      throw InputError("compare \(methods[index])", "this method is given twice", remedy: "keep one")
    }
    if !choices.contains(where: { $0.name == plainMethod }) {
      choices.insert(try MethodChoice(plainMethod, methods: vocabulary.methods), at: 0)
    }

    let place = path ?? "built-in recipe"
    let yaml = try path.map { try RecipeText.contents(of: $0) } ?? example
    var hadTerms = false
    var tree = try Self.tree(yaml: yaml, at: place, overrides: overrides, quick: quick) { tree in
      hadTerms = ["distillation", "students"].contains { tree[$0] != nil }
      // Further teachers stay for a method that names them.
      let teachers = methods.contains { $0.contains("further-teachers") } ? [] : ["teachers"]
      return tree.without(studentKeys + teachers + (hadTerms ? ["labels"] : []))
    }
    let labels = try Section(tree["labels"], path: "labels", at: place).options(for: RecipeKeys.labels)
    let students = choices.map { $0.student(labelWeight: labels[RecipeKeys.weight]) }
    // What the quick variant or an override put there goes too.
    tree = tree.without(studentKeys + ["labels"])
      .adding(.init(key: "students", place: place, value: SourceNode(content: .map(students), place: place)))
    var recipe = try RecipeReader(vocabulary: vocabulary)
      .recipe(Section(tree, path: "", at: place), name: path.map(stem(of:)), isQuick: quick)
    if budget == .total {
      recipe.students = try zip(recipe.students, choices).map {
        try $0.sharing(recipe.training.epochs, stated: $1.stated, at: $1.place)
      }
    }
    if hadTerms, !overrides.contains(where: { $0.hasPrefix("name=") }) { recipe.name += "-comparison" }
    return ComparedRecipe(recipe: recipe, hadTerms: hadTerms)
  }
}

extension SourceNode {
  /// The mapping without some keys.
  fileprivate func without(_ keys: [String]) -> SourceNode {
    guard case .map(let entries) = content else { return self }
    return SourceNode(content: .map(entries.filter { !keys.contains($0.key) }), place: place)
  }

  /// The mapping with one more key.
  fileprivate func adding(_ entry: Entry) -> SourceNode {
    guard case .map(let entries) = content else { return self }
    return SourceNode(content: .map(entries + [entry]), place: place)
  }
}
