import Foundation
import NeuralNetworks
import Tensors

/// Each gradient scaled down to at most a factor times the length of its reference (Lee & Song, BMVC 2019, as the released
/// code does it).
///
/// - Parameters:
///   - gradients: one for each weight.
///   - references: as many, each of the same weight.
///   - factor: at least 0.
/// - Returns: as many, each of the direction of its gradient.
func clipped(_ gradients: [Tensor], toLengthsOf references: [Tensor], times factor: Float) -> [Tensor] {
  zip(gradients, references).map { gradient, reference in
    let (length, limit) = (globalNorm([gradient]), globalNorm([reference]) * factor)
    return length > limit ? gradient * (limit / length) : gradient
  }
}

extension TrainingClock {
  /// 1/(1 + e^(−epoch)), counted from the stage's first epoch, which has ½: how far a limited gradient may go.
  var logisticRise: Float { Float(1 / (1 + exp(-Double(epoch)))) }
}

extension [LossTerm] {
  /// The gradient of the weighted sum, that of limited terms limited by the labels' (before its weight), weight by
  /// weight; one backward pass for the labels, one for each limited term, and one for all others.
  ///
  /// - Parameter parameters: what is trained.
  /// - Returns: one gradient for each.
  func slopes(_ parameters: [Tensor]) -> [Tensor] {
    let active = filter { $0.weight != 0 }
    let limited = active.filter { $0.labelLengths != nil }
    guard let labels = first, !limited.isEmpty else { return gradients(of: active.total, with: parameters) }
    let references = gradients(of: labels.value, with: parameters, keepsTape: true)
    var sums = references.map { $0 * labels.weight }
    let free = dropFirst().filter { $0.weight != 0 && $0.labelLengths == nil }
    if !free.isEmpty {
      sums = zip(sums, gradients(of: free.total, with: parameters, keepsTape: true)).map { $0 + $1 }
    }
    for term in limited {
      let pull = gradients(of: term.value * term.weight, with: parameters, keepsTape: true)
      let short = clipped(pull, toLengthsOf: references, times: term.labelLengths ?? .infinity)
      sums = zip(sums, short).map { $0 + $1 }
    }
    return sums
  }
}
