/// An option with the type of its value: described once, read without its name.
///
///     static let temperature = OptionKey.number("temperature", 0.05...1000, default: 4, "T, softens both; no unit")
///     static let entry = CatalogEntry("kd", "…", options: [temperature.option])
///     …
///     let temperature = options[Self.temperature]      // Double
///
/// An option has a default, which is stored with the recipe; or it may stay absent, and then reads as nil, as an empty
/// list, or as the value that `unlessGiven` says.
public struct OptionKey<Value>: Sendable {
  /// What catalogues list and recipes are checked against.
  public let option: OptionDescription
  private let value: @Sendable (OptionValue?) -> Value

  /// - Parameters:
  ///   - option: what catalogues list.
  ///   - value: the value of what was given or stands by default; nil for neither. What the description accepts
  ///     has one.
  public init(_ option: OptionDescription, _ value: @escaping @Sendable (OptionValue?) -> Value) {
    self.option = option
    self.value = value
  }

  fileprivate func read(_ options: Options) -> Value {
    value(options.values[option.name] ?? option.defaultValue)
  }
}

extension Options {
  /// The value of an option of the entry that these options were checked against.
  public subscript<Value>(_ key: OptionKey<Value>) -> Value { key.read(self) }
}

extension OptionKey where Value == Double {
  /// A number.
  public static func number(
    _ name: String, _ range: ClosedRange<Double>, default usual: Double, isImplicit: Bool = false, _ summary: String
  ) -> Self {
    Self(OptionDescription(name, .number(range), default: .number(usual), isImplicit: isImplicit, summary)) {
      $0?.number ?? usual
    }
  }
}

extension OptionKey where Value == Double? {
  /// A number that may be absent.
  public static func number(_ name: String, _ range: ClosedRange<Double>, _ summary: String) -> Self {
    Self(OptionDescription(name, .number(range), summary)) { $0?.number }
  }
}

extension OptionKey where Value == Int {
  /// A whole number.
  public static func integer(
    _ name: String, _ range: ClosedRange<Int>, default usual: Int, isImplicit: Bool = false, _ summary: String
  ) -> Self {
    Self(OptionDescription(name, .integer(range), default: .number(Double(usual)), isImplicit: isImplicit, summary)) {
      $0?.number.map { Int($0) } ?? usual
    }
  }
}

extension OptionKey where Value == Int? {
  /// A whole number that may be absent.
  public static func integer(_ name: String, _ range: ClosedRange<Int>, _ summary: String) -> Self {
    Self(OptionDescription(name, .integer(range), summary)) { $0?.number.map { Int($0) } }
  }
}

extension OptionKey where Value == Bool {
  /// A switch.
  public static func flag(_ name: String, default usual: Bool, isImplicit: Bool = false, _ summary: String) -> Self {
    Self(OptionDescription(name, .flag, default: .flag(usual), isImplicit: isImplicit, summary)) {
      $0.map { $0 == .flag(true) } ?? usual
    }
  }

  /// A switch that is off unless given.
  public static func flag(_ name: String, _ summary: String) -> Self {
    Self(OptionDescription(name, .flag, summary)) { $0 == .flag(true) }
  }
}

extension OptionKey where Value == String {
  /// A text.
  public static func text(_ name: String, default usual: String, _ summary: String) -> Self {
    Self(OptionDescription(name, .text, default: .text(usual), summary)) { $0?.text ?? usual }
  }
}

extension OptionKey where Value == String? {
  /// A text that may be absent.
  public static func text(_ name: String, _ summary: String) -> Self {
    Self(OptionDescription(name, .text, summary)) { $0?.text }
  }
}

/// What one word of several says: its raw value is the word in recipes.
public protocol OptionChoice: RawRepresentable<String>, CaseIterable, Sendable {}

extension OptionKey where Value: OptionChoice {
  /// One word of several.
  public static func choice(_ name: String, default usual: Value, isImplicit: Bool = false, _ summary: String) -> Self {
    Self(OptionDescription(name, words, default: .text(usual.rawValue), isImplicit: isImplicit, summary)) {
      meant($0) ?? usual
    }
  }

  /// One word of several that may stay absent, and then means one of them.
  public static func choice(_ name: String, unlessGiven usual: Value, _ summary: String) -> Self {
    Self(OptionDescription(name, words, summary)) { meant($0) ?? usual }
  }

  private static var words: OptionDescription.Kind { .choice(Value.allCases.map(\.rawValue)) }

  private static func meant(_ value: OptionValue?) -> Value? { value?.text.flatMap { Value(rawValue: $0) } }
}

extension OptionKey {
  /// One word of several that may be absent.
  public static func choice<Word: OptionChoice>(_ name: String, of words: Word.Type, _ summary: String) -> Self
  where Value == Word? {
    Self(OptionDescription(name, OptionKey<Word>.words, summary)) { OptionKey<Word>.meant($0) }
  }
}

extension OptionKey where Value == [String] {
  /// Names; those of `default` are stored where none are given, and without it there are none.
  public static func texts(_ name: String, default usual: [String]? = nil, _ summary: String) -> Self {
    Self(OptionDescription(name, .texts, default: usual.map { .list($0.map(OptionValue.text)) }, summary)) {
      $0?.elements.compactMap(\.text) ?? []
    }
  }
}

extension OptionKey where Value == [Double] {
  /// Numbers; those of `default` are stored where none are given, and without it there are none.
  public static func numbers(_ name: String, default usual: [Double]? = nil, _ summary: String) -> Self {
    Self(OptionDescription(name, .numbers, default: usual.map { .list($0.map(OptionValue.number)) }, summary)) {
      $0?.elements.compactMap(\.number) ?? []
    }
  }
}

extension OptionKey where Value == (height: Int, width: Int)? {
  /// Height and width in pixels that may be absent.
  public static func size(_ name: String, _ range: ClosedRange<Int>, _ summary: String) -> Self {
    Self(OptionDescription(name, .size(range), summary)) { $0?.size }
  }
}

extension OptionValue {
  /// Height and width, of one number for both or a list of two; nil for anything else.
  public var size: (height: Int, width: Int)? {
    switch self {
    case .number(let side): (Int(side), Int(side))
    case .list(let sides):
      if sides.count == 2, let height = sides[0].number, let width = sides[1].number {
        (Int(height), Int(width))
      } else {
        nil
      }
    default: nil
    }
  }
  /// A number; nil for anything else.
  public var number: Double? { if case .number(let number) = self { number } else { nil } }
  /// A text; nil for anything else.
  public var text: String? { if case .text(let text) = self { text } else { nil } }
  /// What a list holds; nothing for anything else.
  public var elements: [OptionValue] { if case .list(let elements) = self { elements } else { [] } }
}
