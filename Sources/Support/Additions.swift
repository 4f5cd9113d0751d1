import Synchronization

/// What a program of one's own adds to a catalogue before its first work: for all of the process, so that recipes,
/// checkpoints and commands know it as they know the built-in ones.
public final class Additions<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])

  /// None yet.
  public init() {}

  /// All that were added, in order.
  public var all: [Element] { elements.withLock { $0 } }

  /// Adds one.
  ///
  /// - Parameters:
  ///   - element: what is added.
  ///   - entry: how it is listed.
  ///   - known: names that are taken.
  ///   - kind: what the catalogue lists, for the error line: "method".
  /// - Throws: ``InputError`` for a name that is taken or that is not in kebab case, such as `my-method-2`.
  public func add(_ element: Element, listedAs entry: CatalogEntry, besides known: [String], kind: String) throws {
    guard entry.name.wholeMatch(of: #/[a-z0-9]+(-[a-z0-9]+)*/#) != nil else {
      throw InputError(
        "\(kind) '\(entry.name)'", "is no name for a recipe",
        remedy: "use small letters, digits and hyphens: my-\(kind)")
    }
    guard !known.contains(entry.name) else {
      throw InputError("\(kind) '\(entry.name)'", "there is one of that name", remedy: "choose another name")
    }
    elements.withLock { $0.append(element) }
  }
}
