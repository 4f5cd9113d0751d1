import Foundation
import Support

/// Self-distillation of kernel ridge regression on the points where it was trained (Mobahi, Farajtabar & Bartlett, "Self-
/// Distillation Amplifies Regularization in Hilbert Space", NeurIPS 2020, with a fixed penalty): generation 1 fits the
/// labels, each later one the fit before.
///
/// The kernel's eigenvectors are the cosines of the discrete cosine transform, so that its eigenvalues can be chosen.
package struct RidgeGenerations {
  /// Labels, at equally spaced points.
  package let labels: [Double]
  /// The curve without noise at the same points.
  package let values: [Double]
  /// λ.
  package let penalty: Double

  /// 32 noisy values of a smooth curve; the same every time.
  package static let example: RidgeGenerations = {
    let count = 32
    let curve = (0..<count).map { i -> Double in
      let x = (Double(i) + 0.5) / Double(count)
      return sin(2 * .pi * x) + 0.5 * cos(3 * .pi * x)
    }
    // Noise by a fixed sequence of even spread: no random numbers are needed to show a regulariser.
    let noise = (0..<count).map { i -> Double in
      let draw = (Double(i * 7919 % 97) + 0.5) / 97
      return 1.2 * (draw - 0.5)
    }
    return RidgeGenerations(labels: zip(curve, noise).map(+), values: curve, penalty: 0.003)
  }()

  /// Eigenvalue of a direction, from 0.
  package func eigenvalue(_ direction: Int) -> Double { 1 / Double((direction + 1) * (direction + 1)) }

  /// What a generation keeps of the labels along a direction: (d / (d + λ))ᵗ.
  package func factor(_ direction: Int, generation: Int) -> Double {
    let d = eigenvalue(direction)
    return pow(d / (d + penalty), Double(generation))
  }

  /// A unit eigenvector: a cosine at the points.
  private func vector(_ direction: Int) -> [Double] {
    let count = labels.count
    let scale = (direction == 0 ? 1 : 2.0.squareRoot()) / Double(count).squareRoot()
    let step = Double.pi * Double(direction) / Double(count)
    return (0..<count).map { scale * cos(step * (Double($0) + 0.5)) }
  }

  /// The fit of a generation by the closed form.
  package func fit(generation: Int) -> [Double] {
    var fit = Array(repeating: 0.0, count: labels.count)
    for direction in labels.indices {
      let vector = vector(direction)
      let share = zip(vector, labels).reduce(0) { $0 + $1.0 * $1.1 } * factor(direction, generation: generation)
      for i in fit.indices { fit[i] += share * vector[i] }
    }
    return fit
  }

  /// Mean squared error of a generation against the curve without noise.
  package func error(generation: Int) -> Double {
    zip(fit(generation: generation), values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(values.count)
  }

  /// The kernel's value at two of the points.
  package func kernel(_ i: Int, _ j: Int) -> Double {
    labels.indices.reduce(0) { sum, direction in
      let vector = vector(direction)
      return sum + eigenvalue(direction) * vector[i] * vector[j]
    }
  }
}
