/// Where oneDNN's Winograd kernels (3×3, stride 1) beat its direct ones, with all reorders counted in.
///
/// A fixed rule, not a timing at start: the choice decides the last bits of a result, and two runs of one recipe must
/// agree to the bit. It was fitted to 122 shapes on two cores with AVX-512, 32 to 512 channels at 2 to 112 pixels and
/// batches of 1 to 512; nowhere there is it slower beyond noise, and the median gain is 1.4 ×.
struct WinogradRule {
  /// For the output and for the gradient of the input.
  let winsActivations: Bool
  /// For the gradient of the weights.
  let winsWeights: Bool
  /// Batch that the primitives are made for; the images beyond the real ones are zero.
  let batch: Int

  init(_ geometry: ConvolutionGeometry) {
    let fewest = min(geometry.inputs, geometry.outputs)
    let most = max(geometry.inputs, geometry.outputs)
    let tilesPerImage = ((geometry.height + 3) / 4) * ((geometry.width + 3) / 4)
    let tiles = geometry.batch * tilesPerImage
    let isPossible =
      geometry.kernelHeight == 3 && geometry.kernelWidth == 3 && geometry.form == WinogradRule.form
      && geometry.inputs % 16 == 0 && geometry.outputs % 16 == 0
    let isLarge = min(geometry.height, geometry.width) >= (fewest < 256 ? 7 : 4)
    // Few tiles do not pay for the transform of the weights; with few channels all transforms weigh more.
    let required = fewest < 64 ? 512 : fewest < 256 ? 80 : most < 512 ? 96 : 64
    winsActivations = isPossible && isLarge && fewest >= 32 && tiles >= required
    batch = most > 64 ? geometry.batch : WinogradRule.padded(geometry.batch, tilesPerImage: tilesPerImage)
    let avoidsAliasing = batch * tilesPerImage % 256 != 0
    winsWeights = winsActivations && (fewest >= 64 || (avoidsAliasing && 1024...4500 ~= tiles))
  }

  private static let form = ConvolutionForm(padding: 1)

  /// At tile counts that are multiples of 256 the transformed tiles fall on the same cache sets, and at prime ones the
  /// library finds no good blocking; the next batch size that is neither is faster by up to a third.
  private static func padded(_ batch: Int, tilesPerImage: Int) -> Int {
    (batch...batch + batch / 16).first { size in
      guard size * tilesPerImage % 256 != 0 else { return false }
      var rest = size
      for prime in [2, 3, 5, 7, 11, 13] { while rest % prime == 0 { rest /= prime } }
      return rest == 1
    } ?? batch
  }
}
