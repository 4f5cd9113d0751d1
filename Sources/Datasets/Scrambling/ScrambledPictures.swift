import Support
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

extension ImageSet {
  /// Pictures that have the colours and the texture of some of these, but no object: one random Hermitian phase field for
  /// each picture is added to the phases of all its colours, and then each colour's values are put back by rank, once
  /// (Theiler et al., Physica D 1992: amplitude-adjusted surrogates).
  ///
  /// The field is one for all colours, so that what they have in common stays.
  ///
  /// - Parameters:
  ///   - count: number of pictures, spread evenly over the set's classes; fewer where it has no more.
  ///   - seed: of the phases.
  /// - Returns: pictures in memory with the labels of those that they were made from, without masks.
  public func scrambled(count: Int, seed: UInt64) -> ImageSet {
    let indices = spreadIndices(count)
    let count = indices.count
    let area = height * width
    var pixels = [UInt8](repeating: 0, count: count * imageSize)
    for (place, index) in indices.enumerated() {
      let field = phases(Philox(seed: seed).split(.scrambling, index))
      withImage(index) { picture in
        for channel in 0..<channels {
          let values = (0..<area).map { picture[$0 * channels + channel] }
          let scrambled = turned(values, by: field)
          // Ties of the new values are put in the order of the pixels.
          let order = scrambled.indices.sorted { (scrambled[$0], $0) < (scrambled[$1], $1) }
          for (pixel, value) in zip(order, values.sorted()) {
            pixels[place * imageSize + pixel * channels + channel] = value
          }
        }
      }
    }
    return ImageSet(
      name: name, height: height, width: width, channels: channels, classes: classes, pixels: pixels,
      labels: indices.map { labels[$0] })
  }

  /// Unit numbers whose phases are random and Hermitian: those of white noise. The mean keeps its sign.
  private func phases(_ random: Philox) -> [Complex] {
    let noise = Tensor.normal([height, width], random).floats.map { Complex(Double($0), 0) }
    var field = fourier(noise, rows: height, columns: width, isInverse: false).map { value in
      let length = hypot(value.real, value.imaginary)
      return length > 0 ? Complex(value.real / length, value.imaginary / length) : Complex(1, 0)
    }
    field[0] = Complex(1, 0)
    return field
  }

  private func turned(_ values: [UInt8], by field: [Complex]) -> [Double] {
    let spectrum = fourier(values.map { Complex(Double($0), 0) }, rows: height, columns: width, isInverse: false)
    return fourier(zip(spectrum, field).map { $0 * $1 }, rows: height, columns: width, isInverse: true).map(\.real)
  }
}
