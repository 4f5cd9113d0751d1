/// Options that may be absent.
extension Options {
  /// A number; nil where it is absent.
  public func numberIfGiven(_ name: String) -> Double? {
    if case .number(let value)? = values[name] { value } else { nil }
  }

  /// A whole number; nil where it is absent.
  public func integerIfGiven(_ name: String) -> Int? { numberIfGiven(name).map { Int($0) } }

  /// A text; nil where it is absent.
  public func textIfGiven(_ name: String) -> String? {
    if case .text(let value)? = values[name] { value } else { nil }
  }

  /// A switch that is off unless given.
  public func isOn(_ name: String) -> Bool { values[name] == .flag(true) }

  /// A list of numbers; empty where it is absent.
  public func numbers(_ name: String) -> [Double] {
    guard case .list(let list)? = values[name] else { return [] }
    return list.compactMap { if case .number(let number) = $0 { number } else { nil } }
  }
}
