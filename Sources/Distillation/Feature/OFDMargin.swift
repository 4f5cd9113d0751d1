import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// The margin of a channel: what a response that the ReLU would cut is on average, under the normal distribution that batch
/// normalisation gives it (Heo et al., ICCV 2019, eq. 3, as the authors' code has it).
///
/// - Parameters:
///   - scale: γ of the normalisation; its size is the standard deviation.
///   - shift: β, the mean.
/// - Returns: m − s·φ(m/s)/Φ(−m/s), the mean of the negative part; −3s where that part has less than 0.1 % of the mass, and
///   min(m, 0) for a channel without deviation.
package func negativeMean(scale: Double, shift: Double) -> Double {
  let deviation = abs(scale)
  guard deviation > 0 else { return min(shift, 0) }
  let x = shift / deviation
  let below = erfc(x / 2.0.squareRoot()) / 2
  guard below > 0.001 else { return -3 * deviation }
  return shift - deviation * exp(-x * x / 2) / (2 * Double.pi).squareRoot() / below
}

extension MethodSetup {
  /// The margins of the teacher's map before a ReLU, from the last batch normalisation of its main branch: in a residual block
  /// that before the sum, as the authors' code takes it.
  ///
  /// - Parameter point: the teacher's layer.
  /// - Returns: [channels], a constant.
  /// - Throws: ``InputError`` if no normalisation of as many channels ends the layer.
  func margins(at point: ProbePoint) throws -> Tensor {
    let channels = point.output[2]
    let name = teacher.layers.prefix(point.layerCount).last {
      $0.kind == "batch normalisation" && !$0.name.contains("downsample")
    }?.name
    let found = teacher.namedParameters.filter { entry in
      name.map { entry.name.hasPrefix("\($0).") } ?? false
    }.map(\.parameter)
    guard let scale = found.first(where: { $0.role == .normalizationScale })?.tensor,
      let shift = found.first(where: { $0.role == .normalizationShift })?.tensor, scale.count == channels
    else {
      throw InputError(
        place, "no batch normalisation of \(channels) channels ends the teacher's \(point.name)",
        remedy: "take a teacher with one before each ReLU, or variant: aberhu, whose margins come from the map")
    }
    let values = zip(scale.floats, shift.floats).map { Float(negativeMean(scale: Double($0), shift: Double($1))) }
    return Tensor(values, shape: [channels])
  }
}
