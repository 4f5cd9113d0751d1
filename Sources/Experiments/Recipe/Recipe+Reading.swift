import Checkpoints
import Datasets
import Foundation
import Models
import Support

extension Recipe {
  /// Reads a recipe from a YAML file.
  ///
  /// - Parameters:
  ///   - path: the file; without a `name` in it, its name without extension names the run.
  ///   - vocabulary: the data sets, models and methods that may be named.
  ///   - overrides: `key.path=value`, later ones win.
  ///   - quick: whether the recipe's `quick` section is applied (before the overrides); the name then ends in `-quick`.
  /// - Returns: a valid recipe, defaults filled in.
  /// - Throws: ``InputError`` with file, line and column for whatever cannot run.
  public static func read(
    from path: String, vocabulary: Vocabulary, overrides: [String] = [], quick: Bool = false
  ) throws -> Recipe {
    return try read(
      yaml: RecipeText.contents(of: path), at: path, name: stem(of: path), vocabulary: vocabulary, overrides: overrides,
      quick: quick)
  }

  /// A file's name without extension.
  static func stem(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
  }

  /// Reads a recipe from YAML text.
  ///
  /// - Parameters:
  ///   - yaml: one YAML document.
  ///   - place: what error lines call it.
  ///   - name: the run's name where the text gives none; without it the text must.
  ///   - vocabulary: the data sets, models and methods that may be named.
  ///   - overrides: `key.path=value`, later ones win.
  ///   - quick: whether the recipe's `quick` section is applied.
  /// - Returns: a valid recipe, defaults filled in.
  /// - Throws: ``InputError`` with place, line and column for whatever cannot run.
  public static func read(
    yaml: String, at place: String, name: String? = nil, vocabulary: Vocabulary, overrides: [String] = [],
    quick: Bool = false
  ) throws -> Recipe {
    let tree = try Self.tree(yaml: yaml, at: place, overrides: overrides, quick: quick)
    let reader = RecipeReader(vocabulary: vocabulary)
    return try reader.recipe(Section(tree, path: "", at: place), name: name, isQuick: quick)
  }

  /// The tree of a recipe's text with all that is put over it.
  ///
  /// - Parameters:
  ///   - yaml: one YAML document.
  ///   - place: what error lines call it.
  ///   - overrides: `key.path=value`, later ones win.
  ///   - quick: whether the recipe's `quick` section is applied.
  ///   - edited: changes the tree before anything is put over it.
  /// - Returns: the whole mapping.
  /// - Throws: ``InputError`` for text that is no recipe, or an override that leads nowhere.
  static func tree(
    yaml: String, at place: String, overrides: [String], quick: Bool, edited: (SourceNode) -> SourceNode = { $0 }
  ) throws -> SourceNode {
    var tree = edited(try RecipeText.parse(yaml, at: place))
    let quickOverrides = try quickSection(of: tree, at: place)
    if quick {
      guard !quickOverrides.isEmpty else {
        throw InputError(
          place, "has no quick variant", remedy: "add a section such as quick: { training.epochs: 2, seeds: 1 }")
      }
      for override in quickOverrides { tree = try override.applied(to: tree) }
    }
    for argument in overrides { tree = try Override(argument).applied(to: tree) }
    return tree
  }

  private static func quickSection(of tree: SourceNode, at place: String) throws -> [Override] {
    guard case .map = tree.content else { return [] }
    return try Section(tree["quick"], path: "quick", at: place).all.map { entry in
      guard entry.key != "name", !entry.key.hasPrefix("quick") else {
        throw InputError(entry.place, "'\(entry.key)' cannot differ in the quick variant", remedy: "leave it out")
      }
      return try Override(entry.key, entry.value, at: entry.place)
    }
  }
}

/// Turns the tree of a recipe into a checked ``Recipe``.
struct RecipeReader {
  let vocabulary: Vocabulary

  func recipe(_ root: Section, name fallback: String?, isQuick: Bool) throws -> Recipe {
    try root.allow(only: RecipeKeys.root.options.map(\.name))
    let training = try training(root.section("training"))
    let student = try model(root.section("student"))
    let section = try root.section("teacher")
    let teacher = section.all.isEmpty ? nil : try teacher(section, defaultEpochs: training.epochs)
    let data = try data(root.section("data"))
    let teachers = try namedTeachers(root, epochs: training.epochs)
    let models = try assistantModels(root)
    var named = try teachers.reduce(into: models) {
      $0[$1.name] = ($1.teacher.model, try root.section("teachers").section($1.name).place)
    }
    for entry in try root.section("students").all where named[entry.key] == nil {
      named[entry.key] = (student, entry.place)
    }
    func place(_ key: String) throws -> String { try root.section(key)["model"]?.place ?? root.place }
    let networks = try TrialNetworks(
      teacher: teacher.map { ($0.model, try place("teacher")) }, student: (student, place("student")), data: data,
      batchSize: training.batch, named: named)
    let pairs = TrialPairs(
      teacher: try teacher.map { ($0.model, try place("teacher")) }, student: (student, try place("student")),
      data: data,
      batchSize: training.batch, named: named, usual: networks)
    let students = try students(root, pairs, epochs: training.epochs)
    let assistants = try assistants(root, pairs, epochs: training.epochs)
    try checkOptimizer(root.section("training"), training, students + assistants)
    let analysis = try analysis(root, data, networks, students, training)
    if training.keep == .last, analysis.measures {
      throw InputError(
        try root.section("training")["keep"]?.place ?? root.place,
        "keeps no epoch but the last, and analysis needs more",
        remedy: "take keep: measured, or analysis: none")
    }
    let recipe = Recipe(
      name: try name(root, fallback) + (isQuick ? "-quick" : ""), data: data, teacher: teacher, teachers: teachers,
      student: student,
      students: students, assistants: assistants, training: training, analysis: analysis, seeds: try seeds(root),
      threads: try threads(root))
    try checkLessons(root, recipe)
    return recipe
  }

  private func name(_ root: Section, _ fallback: String?) throws -> String {
    let remedy = "it takes a name of \(RecipeKeys.nameWords)"
    guard root["name"] != nil || fallback == nil else {
      let name = fallback ?? ""
      guard isFolderName(name) else {
        throw InputError(
          root.place, "the run has no name, and '\(name)' cannot be one",
          remedy: "add name: to the recipe" + (folderName(like: name).map { ", such as name: \($0)" } ?? ""))
      }
      return name
    }
    let name = try root.requiredText("name", remedy)
    guard isFolderName(name) else {
      throw InputError(
        root["name"]?.place ?? root.place, "name is '\(name)'",
        remedy: remedy + (folderName(like: name).map { ", such as \($0)" } ?? ""))
    }
    return name
  }

  private func data(_ section: Section) throws -> DataRecipe {
    let entry = try section.entry("set", in: vocabulary.datasets, called: "data set")
    let options = try section.options(for: entry, besides: RecipeKeys.data.map(\.name))
    if let development = options[SharedDataOptions.development], let train = options[SharedDataOptions.train],
      development >= train
    {
      throw InputError(
        section["development"]?.place ?? section["train"]?.place ?? section.place,
        "\(Int(development)) development images against \(Int(train)) for training",
        remedy: "hold out fewer than are trained on")
    }
    return DataRecipe(set: entry.name, options: options)
  }

  func model(_ section: Section, besides keys: [OptionDescription] = RecipeKeys.model) throws -> ModelRecipe {
    // A family with a pattern, such as wrn-DEPTH-FACTOR, has members that no list shows.
    let unlisted = section["model"]?.text.flatMap(ModelCatalog.unlisted).map { [$0] } ?? []
    // torchvision spells some otherwise.
    let name = section["model"]?.text.map(ModelCatalog.canonicalName)
    let entry =
      try vocabulary.models.first { $0.name == name }
      ?? section.entry("model", in: vocabulary.models + unlisted, called: "model")
    return ModelRecipe(name: entry.name, options: try section.options(for: entry, besides: keys.map(\.name)))
  }

  /// The network that a file holds.
  private func model(of path: String, key: String?, _ section: Section) throws -> ModelRecipe {
    try section.allow(only: RecipeKeys.teacher.map(\.name))
    let archive: WeightArchive
    do {
      archive = try WeightArchive.read(URL(fileURLWithPath: path), key: key, option: "\(section.path).key")
    } catch let error as InputError {
      throw InputError(section["key"]?.place ?? section["checkpoint"]?.place ?? section.place, error.description)
    }
    let recognition = Recognition(archive)
    guard let found = try recognition.known(as: nil, facts: archive.facts())?.specification else {
      throw recognition.unknown(naming: "\(section.path).model", "\(section.path).key")
    }
    let entry = try ModelCatalog.entry(found.name, at: path)
    return ModelRecipe(name: entry.name, options: try Options(found.options, for: entry, at: path))
  }

  func teacher(_ section: Section, defaultEpochs: Int) throws -> TeacherRecipe {
    for name in ["normalization", "key"] where section["checkpoint"] == nil {
      guard let node = section[name] else { continue }
      throw InputError(
        node.place, "\(name) is given for a teacher that is trained here", remedy: "drop it, or give checkpoint")
    }
    if let node = section["checkpoint"] {
      let path = try section.requiredText("checkpoint", "it takes the path of a finished teacher")
      if let epochs = section["epochs"], epochs.number != 0 {
        throw InputError(
          epochs.place, "epochs are given for a teacher that is read from a checkpoint",
          remedy: "drop epochs or checkpoint")
      }
      guard isReadableFile(path) else {
        throw InputError(node.place, "checkpoint '\(path)' cannot be read", remedy: "give the path of an existing file")
      }
      let key = try section["key"].map { _ in try section.requiredText("key", "it takes a name such as state_dict") }
      let model =
        try section["model"] == nil
        ? model(of: path, key: key, section) : model(section, besides: RecipeKeys.teacher)
      var teacher = TeacherRecipe(model: model, epochs: 0, checkpoint: path, key: key)
      if let node = section["normalization"] {
        let text = try section.requiredText("normalization", "it takes \(Normalization.spelling)")
        try Normalization.check(text, at: node.place)
        teacher.normalization = text
      }
      teacher.accuracy = try section.value(RecipeKeys.accuracy)
      return teacher
    }
    let model = try model(section, besides: RecipeKeys.teacher)
    let accuracy = section["accuracy"]?.number
    if let node = section["accuracy"], accuracy != 0 {
      throw InputError(
        node.place, "accuracy is stated for a teacher that is trained here",
        remedy: "drop it, give checkpoint, or write 0 where further teachers at chance are meant")
    }
    let epochs = try section.value(RecipeKeys.teacherEpochs) ?? defaultEpochs
    return TeacherRecipe(model: model, epochs: epochs, checkpoint: nil, accuracy: accuracy)
  }

  private func seeds(_ root: Section) throws -> [Int] {
    guard let node = root["seeds"] else { return [1] }
    let remedy = "it takes \(RecipeKeys.seedWords)"
    if case .list(let elements) = node.content {
      let seeds = elements.compactMap { $0.number.flatMap { Int(exactly: $0) } }.filter { (1...1_000_000).contains($0) }
      guard seeds.count == elements.count, !seeds.isEmpty, Set(seeds).count == seeds.count else {
        throw InputError(node.place, "seeds cannot be used", remedy: remedy)
      }
      return seeds
    }
    guard let count = node.number.flatMap({ Int(exactly: $0) }), (1...1_000).contains(count) else {
      throw InputError(node.place, "seeds is \(node.summary)", remedy: remedy)
    }
    return Array(1...count)
  }

  private func threads(_ root: Section) throws -> Int? {
    guard let node = root["threads"], node.text != "all" else { return nil }
    guard let count = node.number.flatMap({ Int(exactly: $0) }), (1...1_024).contains(count) else {
      throw InputError(
        node.place, "threads is \(node.summary)", remedy: "it takes \(RecipeKeys.threadWords)")
    }
    return count
  }
}
