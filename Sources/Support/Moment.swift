/// A moment of a training, in epochs: 0 is the initialisation, 0.125 an eighth of the first pass over the data.
public struct Moment: Hashable, Comparable, Sendable {
  /// Passes over the training split so far.
  public let epochs: Double

  /// - Parameter epochs: passes over the training split so far.
  public init(_ epochs: Double) { self.epochs = epochs }

  /// The end of an epoch.
  public init(epoch: Int) { epochs = Double(epoch) }

  /// The epoch at whose end it is; nil inside of one.
  public var wholeEpoch: Int? { Int(exactly: epochs) }

  /// The end of the epoch before it, or itself.
  public var floor: Int { Int(epochs) }

  /// Optimiser steps until then: the nearest whole number; inside of an epoch at least one of it.
  public func steps(perEpoch steps: Int) -> Int {
    let inside = (epochs - Double(floor)) * Double(steps)
    return floor * steps + (wholeEpoch == nil ? max(1, Int(inside.rounded())) : 0)
  }

  /// Whether one is before another.
  public static func < (left: Moment, right: Moment) -> Bool { left.epochs < right.epochs }
}

extension Moment: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// The end of an epoch.
  public init(integerLiteral value: Int) { self.init(epoch: value) }

  /// Passes over the training split.
  public init(floatLiteral value: Double) { self.init(value) }
}

extension Moment: CustomStringConvertible, LosslessStringConvertible {
  /// `3`, `0.125`.
  public var description: String { wholeEpoch.map { "\($0)" } ?? "\(epochs)" }

  /// - Parameter description: as ``description`` writes it.
  public init?(_ description: String) {
    guard let epochs = Double(description), epochs >= 0, epochs.isFinite else { return nil }
    self.epochs = epochs
  }
}

extension Moment: Codable {
  /// A number.
  public init(from decoder: any Decoder) throws { epochs = try decoder.singleValueContainer().decode(Double.self) }

  /// A number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let whole = wholeEpoch { try container.encode(whole) } else { try container.encode(epochs) }
  }
}
