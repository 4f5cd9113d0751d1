import Tensors

/// Two maps of one size: the larger is pooled to the smaller, along each side ("pool the larger"); its means are taken unless
/// told otherwise.
func matchedSizes(
  _ a: Tensor, _ b: Tensor, by pooling: (Tensor, HeightWidth) -> Tensor = adaptiveAveragePooling
) -> (Tensor, Tensor) {
  let size = HeightWidth(height: min(a.shape[1], b.shape[1]), width: min(a.shape[2], b.shape[2]))
  func pooled(_ map: Tensor) -> Tensor {
    map.shape[1] == size.height && map.shape[2] == size.width ? map : pooling(map, size)
  }
  return (pooled(a), pooled(b))
}

extension Tensor {
  /// [batch, places, channels] of a feature map.
  var places: Tensor { reshaped([shape[0], shape[1] * shape[2], shape[3]]) }
}

extension Array where Element == Tensor {
  /// The sum of all; zero where there is none.
  var summed: Tensor { dropFirst().reduce(first ?? .zeros(.scalar)) { $0 + $1 } }
}
