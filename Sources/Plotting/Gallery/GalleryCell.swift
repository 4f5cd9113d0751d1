import Support

extension Gallery {
  /// What one place of the grid shows; all by nearest neighbour, with its own proportions.
  public enum Cell: Sendable, Equatable {
    /// A colour image: `rgb` has three bytes per pixel, row by row.
    case image(width: Int, height: Int, rgb: [UInt8])
    /// A mask: inside white, outside black.
    case mask(Mask)
    /// Numbers as colours of the gallery's scale, row by row; what is not finite is grey. The outline of a mask may be
    /// drawn over; its resolution need not be that of the numbers.
    case heat(rows: Int, columns: Int, values: [Float], outline: Mask? = nil)
    /// Even squares in colours of their own, row by row; the outline of a mask may be drawn over.
    case tiles(rows: Int, columns: Int, colors: [Color], outline: Mask? = nil)
    /// Nothing.
    case blank

    /// Stops the program where counts do not fit.
    func check() {
      switch self {
      case .image(let width, let height, let rgb):
        precondition(
          width > 0 && height > 0 && rgb.count == 3 * width * height,
          "Gallery: image of \(width)×\(height) pixels has \(rgb.count) bytes")
      case .heat(let rows, let columns, let values, _):
        precondition(
          rows > 0 && columns > 0 && values.count == rows * columns,
          "Gallery: heat of \(rows) rows and \(columns) columns has \(values.count) values")
      case .tiles(let rows, let columns, let colors, _):
        precondition(
          rows > 0 && columns > 0 && colors.count == rows * columns,
          "Gallery: tiles of \(rows) rows and \(columns) columns have \(colors.count) colours")
      case .mask, .blank: break
      }
    }
  }

  /// The pixels of an image that belong to something.
  public struct Mask: Sendable, Equatable {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Whether each pixel belongs, row by row.
    public let isInside: [Bool]

    /// - Parameters:
    ///   - width: pixels in a row.
    ///   - height: rows.
    ///   - isInside: whether each pixel belongs, row by row.
    public init(width: Int, height: Int, isInside: [Bool]) {
      precondition(
        width > 0 && height > 0 && isInside.count == width * height,
        "Mask: \(isInside.count) values for \(width)×\(height) pixels")
      self.width = width
      self.height = height
      self.isInside = isInside
    }
  }
}
