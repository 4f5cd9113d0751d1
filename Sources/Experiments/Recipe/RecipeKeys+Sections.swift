import Support

/// One section of a recipe with its keys.
public struct RecipeSection: Sendable {
  /// Keys that lead to it, joined by dots; empty for the whole recipe.
  public let path: String
  /// What it is for: one line.
  public let summary: String
  /// Its own keys.
  public let keys: [OptionDescription]
  /// Where its further keys are told; nil where there are none.
  public let further: String?
}

extension RecipeSection {
  /// Every section of a recipe, in the order in which one writes them.
  public static let all: [RecipeSection] =
    [
      RecipeSection(RecipeKeys.root, at: ""),
      RecipeSection(
        path: "data", summary: "the images", keys: RecipeKeys.data,
        further: "options of the data set: kdscope datasets show SET"),
      RecipeSection(
        path: "teacher", summary: "the network that teaches", keys: RecipeKeys.teacher,
        further: "options of the network: kdscope models show MODEL"),
      RecipeSection(
        path: "teachers.NAME", summary: "a further network that teaches", keys: RecipeKeys.teacher,
        further: "options of the network: kdscope models show MODEL"),
      RecipeSection(
        path: "student", summary: "the network that learns", keys: RecipeKeys.model,
        further: "options of the network: kdscope models show MODEL"),
      RecipeSection(RecipeKeys.labels, at: "labels"),
      RecipeSection(
        path: "distillation.0", summary: "a term of the loss; the next one is distillation.1", keys: RecipeKeys.term,
        further: "options of the method: kdscope methods show METHOD"),
      RecipeSection(
        path: "students.NAME", summary: "one of several students",
        keys: RecipeKeys.namedStudent,
        further: nil),
      RecipeSection(
        path: "assistants.NAME", summary: "a network of another model that teaches students",
        keys: RecipeKeys.assistant,
        further: "options of the network: kdscope models show MODEL"),
      RecipeSection(RecipeKeys.lessonKeys, at: "students.NAME.teacher"),
      RecipeSection(TrainingKeys.entry, at: "training"),
      RecipeSection(ScheduleKeys.entry, at: "training.schedule"),
      RecipeSection(AnalysisKeys.entry, at: "analysis"),
      RecipeSection(PublishedKeys.entry, at: "analysis.published"),
    ] + MeasurementCatalog.all.map { RecipeSection($0.entry, at: "analysis.\($0.entry.name)") }

  private init(_ entry: CatalogEntry, at path: String) {
    self.init(path: path, summary: entry.summary, keys: entry.options, further: nil)
  }

  /// The path of one of its keys: what `--set` takes.
  public func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

extension RecipeKeys {
  /// What other programs call a key.
  private static let otherNames = [
    "milestones": "at", "gamma": "factor", "step-size": "every", "lr": "learning-rate", "batch-size": "batch",
    "scheduler": "schedule", "dataset": "set", "arch": "model", "network": "model", "temp": "temperature",
    "wd": "weight-decay",
    "alpha": "weight", "loss": "distillation", "data": "set", "lr-schedule": "schedule", "optim": "optimizer",
  ]

  /// The name that a key has here, if other programs have another.
  static func ownName(_ key: String) -> String { otherNames[key.lowercased().replacing("_", with: "-")] ?? key }

  /// What was meant by a key that a section does not have: one of its own, or one that stands elsewhere.
  static func hint(for key: String, in path: String, _ known: [String]) -> String {
    let list = "known: \(known.sorted().joined(separator: ", "))"
    let name = ownName(key)
    if name != key, known.contains(name) { return "did you mean '\(name)'? \(list)" }
    let isNear =
      closest(to: key, in: known) != nil && !RecipeSection.meant.contains { $0.keys.contains { $0.name == key } }
    if !isNear, let elsewhere = RecipeSection.path(meaning: key) {
      return "did you mean \(elsewhere)? \(list)"
    }
    return nearest(key, in: known)
  }
}

extension RecipeSection {
  /// The key path of a recipe that a single word means: `training.epochs` for `epochs`, `epoch` or `Epochs`.
  ///
  /// - Parameter word: a key, perhaps misspelt, without the sections that lead to it.
  /// - Returns: nil where no key is like it. Of several, that of the trainings comes first.
  public static func path(meaning word: String) -> String? {
    let word = RecipeKeys.ownName(word)
    // A section takes no value of its own.
    let sections = meant.sorted { rank($0) < rank($1) }.map { section in
      (section: section, keys: section.keys.filter { $0.kind != RecipeKeys.section }.map(\.name))
    }
    if let (section, _) = sections.first(where: { $0.keys.contains(word) }) { return section.path(of: word) }
    for (section, keys) in sections {
      if let name = closest(to: word, in: keys) { return section.path(of: name) }
    }
    return nil
  }

  /// The sections that a word may mean a key of: whoever writes `epoch` means the length of the training, not a lesson's.
  fileprivate static let meant = all.filter { $0.path != "students.NAME.teacher" }

  /// People mean the training first, and the keys of the whole recipe, before those of a measurement.
  private static func rank(_ section: RecipeSection) -> Int {
    ["", "training", "training.schedule", "data", "student", "distillation.0"].firstIndex(of: section.path) ?? 9
  }
}
