/// Where Winograd is faster than direct convolution, its reorders included, and at which batch size it is run.
///
/// A fixed rule, not a timing, so that the same shapes always give the same bits. It comes from measurements on two
/// cores with AVX-512, 32 to 512 channels at 2 to 112 pixels and batches of 1 to 512: nowhere slower beyond noise.
struct RawWinogradRule {
  /// For the forward pass and the gradient of the input.
  let appliesToActivations: Bool
  /// For the gradient of the weights.
  let appliesToWeights: Bool
  /// Batch that the primitives are made for: the images beyond the real ones are zero.
  let paddedBatch: Int

  init(_ geometry: RawConvolutionGeometry) {
    let (fewest, most) = (
      min(geometry.inputChannels, geometry.outputChannels), max(geometry.inputChannels, geometry.outputChannels)
    )
    let tilesPerSide = (geometry.size + 3) / 4
    let tilesPerImage = tilesPerSide * tilesPerSide
    let tiles = geometry.batch * tilesPerImage
    let hasShape = geometry.kernel == 3 && geometry.stride == 1 && geometry.size >= (fewest < 256 ? 7 : 4)
    // Few tiles do not pay for the transform of the weights; with few channels all transforms weigh more.
    let required = fewest < 64 ? 512 : fewest < 256 ? 80 : most < 512 ? 96 : 64
    appliesToActivations = hasShape && fewest >= 32 && tiles >= required
    paddedBatch = most > 64 ? geometry.batch : Self.padded(geometry.batch, tilesPerImage: tilesPerImage)
    let avoidsAliasing = !(paddedBatch * tilesPerImage).isMultiple(of: 256)
    appliesToWeights = appliesToActivations && (fewest >= 64 || (avoidsAliasing && (1024...4500).contains(tiles)))
  }

  /// At tile counts that are multiples of 256 the transformed tiles fall on the same cache sets, and at prime ones the
  /// library finds no good blocking; the next batch size that is neither is faster by up to a third.
  private static func padded(_ batch: Int, tilesPerImage: Int) -> Int {
    (batch...batch + batch / 16).first { size in
      guard !(size * tilesPerImage).isMultiple(of: 256) else { return false }
      var rest = size
      for prime in [2, 3, 5, 7, 11, 13] { while rest.isMultiple(of: prime) { rest /= prime } }
      return rest == 1
    } ?? batch
  }
}
