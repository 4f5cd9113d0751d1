#if canImport(Glibc)
  import Glibc
#endif

/// A complex number.
package struct Complex {
  package var real: Double
  package var imaginary: Double

  package init(_ real: Double, _ imaginary: Double) {
    self.real = real
    self.imaginary = imaginary
  }

  package static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }

  package static func * (a: Complex, b: Complex) -> Complex {
    Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
}

/// The discrete Fourier transform of a rows × columns array; the inverse is not divided by the number of values.
package func fourier(_ values: [Complex], rows: Int, columns: Int, isInverse: Bool) -> [Complex] {
  var result = values
  for row in 0..<rows {
    let line = fourier(Array(result[row * columns..<(row + 1) * columns]), isInverse: isInverse)
    result.replaceSubrange(row * columns..<(row + 1) * columns, with: line)
  }
  for column in 0..<columns {
    let line = fourier((0..<rows).map { result[$0 * columns + column] }, isInverse: isInverse)
    for row in 0..<rows { result[row * columns + column] = line[row] }
  }
  return result
}

/// Cooley and Tukey's transform for any length, by its smallest factor.
private func fourier(_ values: [Complex], isInverse: Bool) -> [Complex] {
  let count = values.count
  guard count > 1 else { return values }
  let factor = (2...count).first { count % $0 == 0 } ?? count
  let rest = count / factor
  let parts = (0..<factor).map { part in
    rest == 1
      ? [values[part]] : fourier((0..<rest).map { values[$0 * factor + part] }, isInverse: isInverse)
  }
  let turn = (isInverse ? 2 : -2) * Double.pi / Double(count)
  return (0..<count).map { place in
    (0..<factor).reduce(Complex(0, 0)) { sum, part in
      let angle = turn * Double(part * place % count)
      return sum + parts[part][place % rest] * Complex(cos(angle), sin(angle))
    }
  }
}
