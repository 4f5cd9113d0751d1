import Support
import Tensors

/// Garments of Fashion-MNIST in color over procedural textures with grain: real objects with exact masks.
///
/// Each garment occurs once. What an image looks like depends on the seed and the garment's place in its file alone.
enum FashionOnTexture {
  static let entry = CatalogEntry(
    "fashion-on-texture", "Fashion-MNIST garments, 32x32 RGB, tinted, over random textures; exact masks",
    paper: "garments: Xiao, Rasul and Vollgraf, arXiv 1708.07747, 2017",
    options: [IDXSets.fashionPath.option, textureCorrelation.option, Grain.key.option, jitter.option]
      + HeldOutIndices.options(development: 5000) + augmentation.options)
  private static let textureCorrelation = OptionKey.number(
    "texture-correlation", 0...1, default: 0,
    "probability that the texture is of the class's own family, else of a random one")
  private static let jitter = OptionKey.integer("jitter", 0...2, default: 0, "random shift of the garment, ± pixels")
  private static let augmentation = AugmentationOptions(padCrop: 2, flip: true)

  /// Side of the images, pixels.
  static let size = 32

  static func load(_ options: Options, _ seed: UInt64) throws -> DataSplits {
    let folder = try IDXSets.fashionFolder(options)
    let whole = try folder.load(.train, name: entry.name, classes: IDXSets.garments)
    let test = try folder.load(.test, name: entry.name, classes: IDXSets.garments)
    for set in [whole, test] where set.height != 28 || set.width != 28 {
      throw InputError("data.path", "images are \(set.height)x\(set.width)", remedy: "garments are 28x28")
    }
    let indices = try HeldOutIndices(options, training: whole, test: test, seed: seed)
    let painter = GarmentPainter(
      correlation: Float(options[Self.textureCorrelation]), grain: Float(options[Grain.key]),
      jitter: options[Self.jitter], seed: seed)
    return DataSplits(
      train: painter.painted(whole, indices.train, origin: 0),
      development: painter.painted(whole, indices.development, origin: 0),
      test: painter.painted(test, indices.test, origin: 1), augmentation: try augmentation.read(options),
      backgrounds: painter.backgrounds)
  }
}
