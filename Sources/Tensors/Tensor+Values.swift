import Support

extension Tensor {
  /// A tensor with the given values, last axis fastest.
  public convenience init(_ values: [Float], shape: Shape) {
    precondition(values.count == shape.count, "tensor: \(values.count) values for shape \(shape)")
    self.init(uninitialized: shape)
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { base.update(from: start, count: source.count) }
    }
  }

  /// A tensor that `fill` writes; it must write every element.
  public convenience init(shape: Shape, _ fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    self.init(uninitialized: shape)
    try fill(UnsafeMutableBufferPointer(start: base, count: shape.count))
  }

  /// A scalar.
  public convenience init(_ value: Float) { self.init([value], shape: .scalar) }

  /// All elements equal.
  public static func filled(_ value: Float, shape: Shape) -> Tensor {
    Tensor(shape: shape) { $0.update(repeating: value) }
  }

  /// All elements zero.
  public static func zeros(_ shape: Shape) -> Tensor { filled(0, shape: shape) }

  /// All elements one.
  public static func ones(_ shape: Shape) -> Tensor { filled(1, shape: shape) }

  /// A copy of the values, last axis fastest.
  public var floats: [Float] { withFloats { Array($0) } }

  /// The one value of a tensor with one element.
  public var item: Float {
    precondition(count == 1, "item: shape \(shape) has \(count) elements")
    return base[0]
  }

  /// Index of the largest element of each row of a matrix [rows, columns]; the first on ties.
  public func argmaxOfRows() -> [Int] {
    precondition(shape.rank == 2, "argmaxOfRows: shape \(shape) is not a matrix")
    let columns = shape[1]
    return (0..<shape[0]).map { row in
      let values = base + row * columns
      return (1..<max(1, columns)).reduce(0) { values[$1] > values[$0] ? $1 : $0 }
    }
  }

  /// Whether every element is a finite number.
  public var isFinite: Bool {
    // Infinities and NaN have all bits of the exponent set. A maximum over integers vectorises; a sum of floats, or a
    // test per element, does not.
    let largest: UInt32 = 0x7F80_0000
    let values = base
    var check: UInt32 = 0
    for index in 0..<count { check = max(check, values[index].bitPattern & largest) }
    return check < largest
  }
}
