import Tensors

/// Values for arrays that are known by their names: the rule of `Tests/Golden/named.py`.
///
/// Networks are compared with PyTorch's on such weights, so that no file has to hold them.
public enum NamedFormula {
  /// FNV-1a of the name's UTF-8, 32 bits: what stands for an array in ``value(_:_:)``.
  public static func key(_ name: String) -> UInt32 {
    name.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }

  /// A value in −0.5 ..< 0.5 for element i of the array with a key.
  public static func value(_ key: UInt32, _ i: Int) -> Double {
    var h = UInt32(truncatingIfNeeded: i) &* 2_654_435_761 &+ key
    h ^= h >> 16
    h = h &* 0x45D_9F3B
    h ^= h >> 16
    h = h &* 0x45D_9F3B
    h ^= h >> 16
    return Double(h) / 0x1p32 - 0.5
  }

  /// Centre and width of the values of a network's array: large networks stay in the range of Float with them.
  static func shiftAndScale(_ name: String, _ shape: Shape) -> (Double, Double) {
    if name.hasSuffix("running_mean") { return (0, 0.2) }
    if name.hasSuffix("running_var") { return (1, 0.4) }
    if name.hasSuffix("bias") { return (0, 0.2) }
    if name.hasSuffix(".bn2.weight") || name.hasSuffix(".bn3.weight") { return (0.5, 0.1) }
    if shape.rank == 1 { return (1, 0.2) }
    return (0, 2 * (6 / Double(shape.count / shape[0])).squareRoot())
  }

  /// The values of a network's array in PyTorch's order of axes, one call per element to fill.
  public static func fill(_ tensor: Tensor, named name: String) {
    let (shift, scale) = shiftAndScale(name, tensor.shape)
    let key = key(name)
    tensor.mutate { values in
      nonisolated(unsafe) let values = values
      parallelFor(count: values.count, grain: 10_000) { range in
        for i in range { values[i] = Float(shift + scale * value(key, i)) }
      }
    }
  }

  /// Images [batch, height, width, channels] in −2 ..< 2, by the rule for an array [N, C, H, W] named `images`.
  public static func images(batch: Int, channels: Int, height: Int, width: Int) -> Tensor {
    let shape = [batch, channels, height, width]
    let key = key("images")
    let values = (0..<shape.reduce(1, *)).map { Float(4 * value(key, $0)) }
    let (moved, order) = movedChannels(values, shape)
    return Tensor(moved, shape: Shape(order))
  }
}
