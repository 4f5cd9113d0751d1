import NeuralNetworks
import Tensors

extension LayerContract {
  /// Normalisations that keep no running statistics.
  static let normalizationsOfEachImage = [
    LayerContract(
      "LayerNormalization", "over features", [4, 3, 7], [4, 3, 7],
      [("weight", .normalizationScale), ("bias", .normalizationShift)]
    ) {
      let layer = LayerNormalization(7)
      layer.scale.assign(.normal([7], Philox(seed: 10)) * 0.3 + 1)
      return layer
    } _: { layer, x, _ in
      layer(x)
    },
    LayerContract(
      "GroupNormalization", "three groups", [3, 4, 5, 6], [3, 4, 5, 6],
      [("weight", .normalizationScale), ("bias", .normalizationShift)]
    ) {
      let layer = GroupNormalization(3, 6)
      layer.scale.assign(.normal([6], Philox(seed: 11)) * 0.3 + 1)
      return layer
    } _: { layer, x, _ in
      layer(x)
    },
    LayerContract(
      "InstanceNormalization2D", "with scale and shift", [3, 4, 5, 4], [3, 4, 5, 4],
      [("weight", .normalizationScale), ("bias", .normalizationShift)]
    ) {
      InstanceNormalization2D(4, affine: true)
    } _: { layer, x, _ in
      layer(x)
    },
  ]
}
