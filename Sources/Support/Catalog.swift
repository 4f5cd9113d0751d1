/// The value of one option of a model, data set or method, as a recipe or `--set` gives it.
public enum OptionValue: Sendable, Hashable {
  case number(Double)
  case text(String)
  case flag(Bool)
  case list([OptionValue])
}

extension OptionValue: CustomStringConvertible {
  /// The value as one would write it in a recipe.
  public var description: String {
    switch self {
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    case .text(let value): value
    case .flag(let value): value ? "true" : "false"
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    }
  }
}

/// What an option is, for checking recipes and for `kdscope methods|models|datasets show NAME`.
public struct OptionDescription: Sendable, Equatable {
  /// The kinds of value an option takes.
  public enum Kind: Sendable, Equatable {
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    case text
    case flag
    case texts
    case numbers
    /// What its own reader checks, in words: "a number, or a list of numbers".
    case described(String)
    /// Height and width in pixels: one number for both, or a list of two.
    case size(ClosedRange<Int>)
  }

  /// Kebab-case key.
  public let name: String
  /// What values it takes.
  public let kind: Kind
  /// The value where none is given; nil where the option may stay absent.
  public let defaultValue: OptionValue?
  /// One line: meaning and unit.
  public let summary: String
  /// Whether the default is left out of the values: so the hash of recipes that are older than the option stays.
  public let isImplicit: Bool

  /// - Parameters:
  ///   - name: kebab-case key.
  ///   - kind: what values it takes.
  ///   - defaultValue: the value where none is given.
  ///   - isImplicit: whether the default is left out of the values.
  ///   - summary: one line, meaning and unit.
  public init(
    _ name: String, _ kind: Kind, default defaultValue: OptionValue? = nil, isImplicit: Bool = false, _ summary: String
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.isImplicit = isImplicit
    self.summary = summary
  }

  /// The range or choices in words, for help and for errors: "a number from 0.1 to 100".
  public var expectation: String {
    switch kind {
    case .integer(let range):
      range.upperBound == .max
        ? "a whole number of at least \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      range.upperBound == .infinity
        ? "a number of at least \(OptionValue.number(range.lowerBound))"
        : "a number from \(OptionValue.number(range.lowerBound)) to \(OptionValue.number(range.upperBound))"
    case .choice(let choices): "one of " + choices.joined(separator: ", ")
    case .text: "a text"
    case .flag: "true or false"
    case .texts: "a list of names"
    case .numbers: "a list of numbers"
    case .described(let words): words
    case .size(let range):
      "a whole number from \(range.lowerBound) to \(range.upperBound), or [height, width]"
    }
  }

  /// Whether a value is of this kind and in range.
  public func accepts(_ value: OptionValue) -> Bool {
    switch (kind, value) {
    case (.integer(let range), .number(let number)):
      number == number.rounded() && number >= Double(range.lowerBound) && number <= Double(range.upperBound)
    case (.number(let range), .number(let number)): range.contains(number)
    case (.choice(let choices), .text(let text)): choices.contains(text)
    case (.text, .text), (.flag, .flag): true
    case (.texts, .list(let values)): values.allSatisfy { if case .text = $0 { true } else { false } }
    case (.numbers, .list(let values)): values.allSatisfy { if case .number = $0 { true } else { false } }
    case (.size(let range), .number):
      OptionDescription(name, .integer(range), summary).accepts(value)
    case (.size(let range), .list(let sides)):
      sides.count == 2 && sides.allSatisfy(OptionDescription(name, .integer(range), summary).accepts)
    case (.described, _): true
    default: false
    }
  }

  /// What would be right instead of a value: the range or choices, and the choice that was probably meant.
  func remedy(for value: OptionValue) -> String {
    let takes = "it takes \(expectation)"
    guard case .choice(let choices) = kind, case .text(let text) = value, let meant = closest(to: text, in: choices)
    else { return takes }
    return "did you mean '\(meant)'? \(takes)"
  }
}

/// One model, data set or method, as the catalogues list it.
public struct CatalogEntry: Sendable, Equatable {
  /// Kebab-case identifier.
  public let name: String
  /// One line.
  public let summary: String
  /// Authors, venue, year; nil where there is none.
  public let paper: String?
  /// Further facts, in order (formula, family, source, …).
  public let facts: [(key: String, value: String)]
  /// Options with defaults and ranges.
  public let options: [OptionDescription]
  /// Which writing of one's own network, method or measurement it is; 0 for all that the program has. Who changes what it
  /// computes raises it: what an earlier version trained or measured is then not taken for its.
  public let version: Int

  /// - Parameters:
  ///   - name: kebab-case identifier.
  ///   - summary: one line.
  ///   - paper: authors, venue, year.
  ///   - facts: further facts, in order.
  ///   - options: options with defaults and ranges.
  ///   - version: of what is one's own; see ``version``.
  public init(
    _ name: String, _ summary: String, paper: String? = nil, facts: [(key: String, value: String)] = [],
    options: [OptionDescription] = [], version: Int = 0
  ) {
    self.name = name
    self.summary = summary
    self.paper = paper
    self.facts = facts
    self.options = options
    self.version = version
  }

  /// Equal when all that a user sees is equal.
  public static func == (a: CatalogEntry, b: CatalogEntry) -> Bool {
    a.name == b.name && a.summary == b.summary && a.paper == b.paper && a.options == b.options
      && a.facts.map { [$0.key, $0.value] } == b.facts.map { [$0.key, $0.value] }
  }
}

/// Options of one model, data set or method: checked against their descriptions, defaults filled in.
public struct Options: Sendable, Hashable, Codable {
  /// Every option that has a value, by name; those whose default is implicit only where they differ from it.
  public private(set) var values: [String: OptionValue]

  /// Checks the given values and fills in the defaults.
  ///
  /// - Parameters:
  ///   - given: what the user wrote.
  ///   - entry: the catalogue entry that says what is allowed.
  ///   - place: where the user wrote it, for the error line.
  /// - Throws: ``InputError`` for an unknown key, a wrong type or a value out of range.
  public init(_ given: [String: OptionValue], for entry: CatalogEntry, at place: String) throws {
    var values: [String: OptionValue] = [:]
    for option in entry.options where !option.isImplicit { values[option.name] = option.defaultValue }
    for (key, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let option = entry.options.first(where: { $0.name == key }) else {
        throw InputError(
          place, "\(entry.name) has no option '\(key)'",
          remedy: entry.options.isEmpty ? "it takes no options" : nearest(key, in: entry.options.map(\.name)))
      }
      guard option.accepts(value) else {
        throw InputError(place, "\(key) is \(value)", remedy: option.remedy(for: value))
      }
      values[key] = option.isImplicit && value == option.defaultValue ? nil : value
    }
    self.values = values
  }
}
