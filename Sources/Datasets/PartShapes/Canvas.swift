import Tensors

/// One image being painted: colors in floating point, and which part each pixel shows.
struct Canvas {
  private let size: Int
  private var colors: [Color]
  private var parts: [UInt8]

  /// - Parameter size: side, pixels.
  init(size: Int) {
    self.size = size
    colors = Array(repeating: .zero, count: size * size)
    parts = Array(repeating: 0, count: size * size)
  }

  /// Covers everything with a texture under uneven light.
  ///
  /// - Parameters:
  ///   - texture: the pattern.
  ///   - shade: relative change of brightness from the middle to the lower edge.
  ///   - tilt: relative change of brightness from the middle to the right edge.
  mutating func fill(_ texture: Texture, shade: Float, tilt: Float) {
    let unit = 32 / Float(size)
    for row in 0..<size {
      for column in 0..<size {
        let (x, y) = ((Float(column) + 0.5) * unit, (Float(row) + 0.5) * unit)
        let light = 1 + shade * (y / 16 - 1) + tilt * (x / 16 - 1)
        colors[row * size + column] = texture.color(x, y) * light
      }
    }
  }

  /// Adds noise to what is there.
  mutating func roughen(_ grain: Grain) {
    for row in 0..<size {
      for column in 0..<size { colors[row * size + column] += grain.color(column, row) }
    }
  }

  /// Says that no part of the object has been drawn.
  mutating func resetParts() { for index in parts.indices { parts[index] = 0 } }

  /// Draws a shape with a smooth edge one pixel wide; a pixel shows what covers at least half of it.
  ///
  /// - Parameters:
  ///   - piece: the shape.
  ///   - place: where its object lies.
  ///   - palette: the object's colors.
  ///   - isObject: false for what belongs to the background.
  ///   - bodyPattern: index into the body's variants.
  mutating func draw(_ piece: Piece, _ place: Placing, _ palette: Palette, isObject: Bool, bodyPattern: Int) {
    let half = Float(size) / 2
    let determinant = place.right.x * place.down.y - place.right.y * place.down.x
    // Pixels per unit of the object, the geometric mean of both axes.
    let resolution = abs(determinant).squareRoot() * half
    let (columns, rows) = pixelBox(piece.shape.bounds, place)
    let toX = Point(place.down.y, -place.down.x) / determinant
    let toY = Point(-place.right.y, place.right.x) / determinant
    let flat = palette.color(piece.paint)
    let id = isObject ? piece.part.rawValue : 0
    for row in rows {
      for column in columns {
        let q = Point(Float(column) + 0.5, Float(row) + 0.5) / half - 1 - place.center
        let p = Point((q * toX).sum(), (q * toY).sum())
        let depth = -piece.shape.distance(p) * resolution
        guard depth > -0.5 else { continue }
        let coverage = min(1, depth + 0.5)
        // Rounded by shading: darker at the outline, lighter above than below.
        let shade = 0.72 + 0.28 * min(1, max(0, depth * 0.6)) - 0.1 * p.y
        let color = (piece.isPatterned ? palette.bodyColor(p, pattern: bodyPattern) : flat) * shade
        let index = row * size + column
        colors[index] = colors[index].mixed(with: color, coverage)
        if coverage >= 0.5 { parts[index] = id }
      }
    }
  }

  private func pixelBox(_ bounds: (Point, Point), _ place: Placing) -> (columns: Range<Int>, rows: Range<Int>) {
    let middle = (bounds.0 + bounds.1) / 2
    let reach = (bounds.1 - bounds.0) / 2
    let center = place.center + place.right * middle.x + place.down * middle.y
    let extent = Point(
      abs(place.right.x) * reach.x + abs(place.down.x) * reach.y,
      abs(place.right.y) * reach.x + abs(place.down.y) * reach.y)
    let half = Float(size) / 2
    func range(_ center: Float, _ extent: Float) -> Range<Int> {
      let lower = Int(((center - extent + 1) * half - 1).rounded(.down))
      let upper = Int(((center + extent + 1) * half + 1).rounded(.up))
      return min(size, max(0, lower))..<min(size, max(0, lower, upper))
    }
    return (range(center.x, extent.x), range(center.y, extent.y))
  }

  /// Writes the finished image as bytes, with a little noise as of a camera.
  ///
  /// - Parameters:
  ///   - pixels: [H, W, 3].
  ///   - target: [H, W].
  ///   - grain: stream of the noise.
  func write(pixels: UnsafeMutablePointer<UInt8>, parts target: UnsafeMutablePointer<UInt8>, grain: Philox) {
    for block in 0..<(size * size + 3) / 4 {
      let words = grain.words(at: UInt64(block))
      for lane in 0..<min(4, size * size - 4 * block) {
        let index = 4 * block + lane
        let bits = words[lane]
        let noise = Color(Float(bits & 0xFF), Float(bits >> 8 & 0xFF), Float(bits >> 16 & 0xFF)) / 255 - 0.5
        store(colors[index] + noise * 0.05, at: pixels + 3 * index)
        target[index] = parts[index]
      }
    }
  }
}
