import Distillation
import Support

/// How a method is used where nothing else is said: the line that its entry gives as `recipe`, with the weights of its
/// paper.
struct MethodDefaults {
  /// The term, its options filled in.
  let term: TermRecipe
  /// Weight of the cross-entropy with the labels beside it, where the entry says one.
  let labelWeight: Double?
  /// The options that the line writes, with its weight.
  let written: [SourceNode.Entry]

  /// - Throws: ``InputError`` if the entry's line is no term; a test holds every entry against it.
  init(_ entry: CatalogEntry) throws {
    let place = "recipe of \(entry.name)"
    let line = entry.facts.first { $0.key == "recipe" }?.value ?? "{ method: \(entry.name) }"
    let open = line.firstIndex(of: "{") ?? line.startIndex
    let close = line[open...].firstIndex(of: "}").map { line.index(after: $0) } ?? line.endIndex
    // The file of a further teacher is a reader's own.
    let written = String(line[open..<close]).replacing(#/further-teachers: \[[^\]]*\], /#, with: "")
    let node = try RecipeText.parse(written, at: place, hasLines: false)
    let section = try Section(node, path: entry.name, at: place)
    term = try TermRecipe(section, entry)
    self.written = section.all.filter { $0.key != "method" }
    let rest = line[close...]
    labelWeight = try rest.firstRange(of: "labels:").map { range in
      let node = try RecipeText.parse(String(rest[range.upperBound...]), at: place, hasLines: false)
      return try Section(node, path: "labels", at: place).options(for: RecipeKeys.labels)[RecipeKeys.weight]
    }
  }
}

extension TermRecipe {
  /// A term as it is written, without asking whether it fits any networks.
  ///
  /// - Throws: ``InputError`` for an option that the method does not have, or a value out of range.
  init(_ section: Section, _ entry: CatalogEntry) throws {
    try Self.refuseKeysOfOthers(section, entry)
    self.init(
      method: entry.name, weight: try section.value(RecipeKeys.weight),
      options: try section.options(for: entry, besides: RecipeKeys.term.map(\.name)))
  }

  /// Refuses a key that other methods have, by their names: a word like it elsewhere in the recipe is not what is meant.
  private static func refuseKeysOfOthers(_ section: Section, _ entry: CatalogEntry) throws {
    let known = RecipeKeys.term.map(\.name) + entry.options.map(\.name)
    for written in section.all where !known.contains(written.key) && closest(to: written.key, in: known) == nil {
      let others = MethodRegistry.entries.filter { $0.options.contains { $0.name == written.key } }.map(\.name)
      guard !others.isEmpty else { continue }
      let shown = others.prefix(8).joined(separator: ", ") + (others.count > 8 ? ", …" : "")
      throw InputError(
        written.place, "'\(written.key)' is no key of \(section.path)",
        remedy: "\(entry.name) takes \(known.sorted().joined(separator: ", ")); methods with \(written.key): \(shown)")
    }
  }

  /// What differs from a method's defaults, in the order of its options: `weight=2`, `layers=[layer3]`.
  func changes(from defaults: TermRecipe, _ entry: CatalogEntry) -> [String] {
    let changed = entry.options.compactMap { option -> String? in
      let (own, other) = (options.values[option.name], defaults.options.values[option.name])
      return own == other ? nil : own.map { "\(option.name)=\($0)" }
    }
    return changed + (weight == defaults.weight ? [] : ["weight=\(OptionValue.number(weight))"])
  }
}
