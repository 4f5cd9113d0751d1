import Support

/// A mapping of a recipe while it is read: every key is known, every value is checked at its own place.
struct Section {
  /// `training`, `students.kd`; empty for the whole recipe.
  let path: String
  let place: String
  private let entries: [SourceNode.Entry]

  /// - Parameters:
  ///   - node: the mapping; nil where the recipe leaves it out.
  ///   - path: its keys, for error lines.
  ///   - place: where a missing mapping would stand.
  /// - Throws: ``InputError`` if it is anything but a mapping.
  init(_ node: SourceNode?, path: String, at place: String) throws {
    self.path = path
    self.place = node?.place ?? place
    guard let node else {
      entries = []
      return
    }
    guard case .map(let entries) = node.content else {
      throw InputError(
        node.place, path.isEmpty ? "the recipe is \(node.summary)" : "\(path) is \(node.summary)",
        remedy: "it takes a mapping: key: value")
    }
    self.entries = entries
  }

  /// Keys with their values, in the order in which they were written.
  var all: [SourceNode.Entry] { entries }

  /// The value of a key, if written.
  subscript(key: String) -> SourceNode? { entries.first { $0.key == key }?.value }

  /// A mapping within this one.
  func section(_ key: String) throws -> Section {
    try Section(self[key], path: path.isEmpty ? key : "\(path).\(key)", at: place)
  }

  /// Refuses keys that are not in the list.
  func allow(only known: [String]) throws {
    for entry in entries where !known.contains(entry.key) {
      throw InputError(
        entry.place, "'\(entry.key)' is no key of \(path.isEmpty ? "a recipe" : path)",
        remedy: RecipeKeys.hint(for: entry.key, in: path, known))
    }
  }

  /// The text of a key that must be there.
  func requiredText(_ key: String, _ remedy: String) throws -> String {
    guard let node = self[key] else {
      throw InputError(place, "\(path.isEmpty ? key : "\(path).\(key)") is missing", remedy: remedy)
    }
    guard let text = node.text, !node.isEmpty, !text.isEmpty else {
      throw InputError(node.place, "\(key) is \(node.summary)", remedy: remedy)
    }
    return text
  }

  /// Checks the keys against a catalogue entry and fills in its defaults.
  ///
  /// - Parameters:
  ///   - entry: what is allowed.
  ///   - keys: keys of this mapping that are read elsewhere.
  /// - Returns: every option that was written or has a default.
  /// - Throws: ``InputError`` for an unknown key, a wrong type or a value out of range.
  func options(for entry: CatalogEntry, besides keys: [String] = []) throws -> Options {
    try allow(only: keys + entry.options.map(\.name))
    var given: [String: OptionValue] = [:]
    for option in entry.options {
      guard let node = self[option.name] else { continue }
      let value = try node.optionValue(option.kind, of: option.name)
      _ = try Options([option.name: value], for: entry, at: node.place)
      given[option.name] = value
    }
    return try Options(given, for: entry, at: place)
  }

  /// The catalogue entry that a key names.
  ///
  /// - Throws: ``InputError`` that suggests the nearest name, or the sizes in which a family of networks comes.
  func entry(_ key: String, in catalogue: [CatalogEntry], called noun: String) throws -> CatalogEntry {
    let names = catalogue.map(\.name)
    let name = try requiredText(key, "it takes the name of a \(noun): \(names.joined(separator: ", "))")
    if let entry = catalogue.first(where: { $0.name == name }) { return entry }
    let family = name.prefix { !$0.isNumber }
    let sizes = names.filter { $0.hasPrefix(family) }.compactMap { Int($0.dropFirst(family.count)) }
    let remedy =
      Int(name.dropFirst(family.count)) != nil && sizes.count > 1
      ? "\(family) comes as \(sizes.map { "\(family)\($0)" }.joined(separator: ", "))"
      : nearest(name, in: names)
    throw InputError(self[key]?.place ?? place, "there is no \(noun) '\(name)'", remedy: remedy)
  }
}

extension Section {
  /// The checked value of one key; its default where it is not written.
  ///
  /// - Throws: ``InputError`` for a wrong type or a value out of range.
  func value<Value>(_ key: OptionKey<Value>) throws -> Value {
    let (option, node) = (key.option, self[key.option.name])
    let given = try node.map { [option.name: try $0.optionValue(option.kind, of: option.name)] } ?? [:]
    return try Options(given, for: CatalogEntry(path, "", options: [option]), at: node?.place ?? place)[key]
  }

  /// Where a key is written; where its mapping stands, if it is not.
  func place<Value>(of key: OptionKey<Value>) -> String { self[key.option.name]?.place ?? place }
}
