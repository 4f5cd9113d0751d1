import Support
import Tensors

/// Noise of single pixels and of blocks of two by two, each colour its own, as of rough ground.
///
/// A network that is to discard a background must have seen that its noise means nothing: on a smooth ground noise is
/// what it never saw.
struct Grain {
  private let amplitude: Float
  private let noises: (Noise, Noise, Noise)

  /// - Parameters:
  ///   - largest: bound of the standard deviation, which is drawn evenly below it; colours go from 0 to 1.
  ///   - random: of one image.
  init(largest: Float, _ random: inout RandomGenerator) {
    amplitude = largest * random.uniform()
    func noise() -> Noise { Noise(salt: random.next32()) }
    noises = (noise(), noise(), noise())
  }

  /// What is added to the color of a pixel.
  func color(_ column: Int, _ row: Int) -> Color {
    Color(value(noises.0, column, row), value(noises.1, column, row), value(noises.2, column, row))
  }

  private func value(_ noise: Noise, _ column: Int, _ row: Int) -> Float {
    let fine = noise.lattice(Int32(column), Int32(row))
    // A part of the lattice that no pixel reaches.
    let coarse = noise.lattice(Int32(column / 2) + 4096, Int32(row / 2) + 4096)
    // The sum of two even numbers has a variance of 1/6.
    return amplitude * 2.449_489_7 * (fine + coarse - 1)
  }
}

extension Grain {
  private static let meaning =
    "noise of one and two pixels on backgrounds: bound of its standard deviation, drawn for every image"

  /// The option that says how rough backgrounds are.
  static let key = OptionKey.number("grain", 0...0.5, default: 0.2, meaning)
  /// The option without a default, for a set with recipes from before there was one.
  static let keyWithoutDefault = OptionKey.number("grain", 0...0.5, meaning + "; 0 unless given")
}
