import ArgumentParser

/// How often an experiment is repeated, and with which random numbers: `3` repetitions, or the seeds `5,6`.
struct SeedOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Number of seeds, repetitions of the experiment, or a list of them, such as 5,6. (default: the recipe's)",
      valueName: "count or list"))
  var seeds: String?

  private static let largest = 1_000_000
  private static let counts = 1...1_000

  func validate() throws { _ = try parsed() }

  /// The seeds that were asked for; nil where nothing was.
  ///
  /// - Parameter first: where a number of seeds begins.
  /// - Returns: the list as it was written, or so many from the first.
  func chosen(from first: Int = 1) -> [Int]? {
    // What cannot be parsed was refused before.
    switch try? parsed() {
    case .count(let count)?: Array(first..<first + count)
    case .list(let seeds)?: seeds
    case .absent?, nil: nil
    }
  }

  /// Whether seeds were named one by one.
  var isList: Bool { if case .list? = try? parsed() { true } else { false } }

  /// The number that was asked for; 1 where none was.
  var count: Int { if case .count(let count)? = try? parsed() { count } else { 1 } }

  private enum Choice {
    case absent
    case count(Int)
    case list([Int])
  }

  private func parsed() throws -> Choice {
    guard let seeds else { return .absent }
    let isBracketed = seeds.hasPrefix("[") && seeds.hasSuffix("]")
    if !isBracketed, let count = Int(seeds), Self.counts.contains(count) { return .count(count) }
    let inner = isBracketed ? seeds.dropFirst().dropLast() : seeds[...]
    let words = inner.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
    let numbers = words.compactMap { Int($0) }
    guard isBracketed || words.count > 1, numbers.count == words.count, Set(numbers).count == numbers.count,
      numbers.allSatisfy({ (1...Self.largest).contains($0) }), Self.counts.contains(numbers.count)
    else {
      throw ValidationError(
        "--seeds: is \(seeds); it takes their number, from 1 to \(Self.counts.upperBound), or a list of different "
          + "seeds from 1 to \(Self.largest), such as 5,6")
    }
    return .list(numbers)
  }
}
