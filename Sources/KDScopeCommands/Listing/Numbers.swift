import Experiments
import Reporting
import Statistics

extension DocumentNode {
  /// A whole number.
  static func whole(_ value: Int) -> DocumentNode { .number(Double(value)) }

  /// A number, null for nil.
  static func optional(_ value: Double?) -> DocumentNode { value.map { .number($0) } ?? .null }

  /// A number that is never naked.
  static func estimate(_ estimate: Estimate?) -> DocumentNode {
    guard let estimate else { return .null }
    return .map([
      "value": .number(estimate.value), "lower": optional(estimate.lower), "upper": optional(estimate.upper),
      "count": whole(estimate.count), "method": .text(estimate.method),
    ])
  }
}

/// A share in per cent with its interval: "81.2 ± 0.4 %".
func percent(_ estimate: Estimate) -> String { NumberFormat.percent(estimate) }

/// A share in per cent; a dash for nil.
func percent(_ share: Double?) -> String { share.map { NumberFormat.percent($0) } ?? "–" }
