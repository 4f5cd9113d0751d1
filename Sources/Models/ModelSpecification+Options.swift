import Support

extension ModelSpecification {
  /// A number among the options; nil where it is absent, as in checkpoints older than the option.
  func number(_ name: String) -> Double? {
    guard case .number(let value)? = options[name] else { return nil }
    return value
  }

  func integer(_ name: String) -> Int? { number(name).map { Int($0) } }

  func flag(_ name: String) -> Bool? {
    guard case .flag(let value)? = options[name] else { return nil }
    return value
  }

  func text(_ name: String) -> String? {
    guard case .text(let value)? = options[name] else { return nil }
    return value
  }

  /// A number of channels times the option `width`, rounded to a multiple of four, at least four.
  func scaled(_ channels: Int) -> Int {
    guard let width = number("width"), width != 1 else { return channels }
    return max(4, 4 * Int((Double(channels) * width / 4).rounded()))
  }

  /// Refuses images that are smaller than a network needs.
  ///
  /// - Throws: ``InputError`` at the place.
  func require(_ smallest: Int, at place: String) throws {
    guard min(height, self.width) < smallest else { return }
    throw InputError(
      place, "images of \(height)×\(self.width) pixels are too small for \(name)",
      remedy: "use at least \(smallest)×\(smallest)")
  }
}
