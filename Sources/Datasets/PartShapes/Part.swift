/// What the objects of PartShapes are made of.
package enum Part: UInt8, CaseIterable, Sendable {
  case body = 1
  case head, tail, wings, legs, wheels, cabin, sail

  /// Shapes or patterns that the part takes, independent of all else; nil where it has no variants.
  package var variants: [String]? {
    switch self {
    case .body: ["plain body", "striped body", "spotted body", "two-tone body"]
    case .head: ["round head", "square head", "pointed head", "eared head"]
    case .tail: ["thin tail", "fan tail", "forked tail", "tufted tail"]
    case .wings: ["pointed wings", "round wings", "feathered wings", "square wings"]
    case .wheels: ["solid wheels", "ringed wheels", "hubbed wheels", "spoked wheels"]
    case .legs, .cabin, .sail: nil
    }
  }

  /// Variants per part that has any.
  package static let variantCount = 4

  /// Kebab-case name.
  package var name: String { String(describing: self) }
}

/// Which variant each part takes.
package struct PartVariants: Sendable, Equatable {
  private var values: SIMD16<UInt8> = .zero

  /// All first variants.
  package init() {}

  /// Index into the part's `variants`.
  package subscript(part: Part) -> Int {
    get { Int(values[Int(part.rawValue)]) }
    set { values[Int(part.rawValue)] = UInt8(newValue) }
  }
}

/// The classes of PartShapes: what differs is which parts there are, their proportions and their arrangement.
package enum ObjectClass: Int, CaseIterable, Sendable {
  case bird, fish, dog, giraffe, turtle, butterfly, car, truck, plane, boat

  /// The parts that objects of the class have.
  package var parts: [Part] {
    switch self {
    case .bird: [.body, .head, .tail, .wings, .legs]
    case .fish: [.body, .head, .tail, .wings]
    case .dog, .giraffe, .turtle: [.body, .head, .tail, .legs]
    case .butterfly: [.body, .head, .wings]
    case .car, .truck: [.body, .wheels, .cabin]
    case .plane: [.body, .tail, .wings, .cabin]
    case .boat: [.body, .sail]
    }
  }

  /// Kebab-case name.
  package var name: String { String(describing: self) }
}
