import Datasets
import Models
import Support
import Tensors

/// Times ResNet-20 training steps that are fed from memory and from a folder of pictures, alternately, and the work of
/// decoding and augmenting alone.
public struct DataBenchmark {
  /// What was measured.
  public struct Result: Sendable {
    /// Images in a step.
    public let batch: Int
    /// Rows, columns and colours of an image.
    public let shape: [Int]
    /// Filling a batch from decoded images in memory and a training step.
    public let memory: Durations
    /// Decoding a batch from files, filling it, and a training step.
    public let folder: Durations
    /// Decoding alone, seconds per 1,000 images.
    public let decoding: Durations
    /// Each augmentation alone, from memory, seconds per 1,000 images; the first is none at all.
    public let augmentations: [(name: String, durations: Durations)]

    /// Images per second fed from the folder over those fed from memory, by median steps.
    public var ratio: Double { memory.median / folder.median }
  }

  /// Folder as the set `image-folder` takes it.
  public var path: String
  /// Height and width of the images; nil where the pictures have one size.
  public var size: Int?
  /// Images in a step.
  public var batch = 64
  /// Timed steps of each kind.
  public var steps = 40

  /// - Parameter path: a folder as the set `image-folder` takes it.
  public init(path: String) { self.path = path }

  private static let augmentations: [(name: String, augmentation: Augmentation)] = [
    ("none", Augmentation()), ("pad-crop", Augmentation(padCrop: 4)), ("flip", Augmentation(flip: true)),
    ("resized-crop", Augmentation(resizedCrop: 0.3)), ("brightness", jitter(ColourJitter(brightness: 0.4))),
    ("contrast", jitter(ColourJitter(contrast: 0.4))), ("saturation", jitter(ColourJitter(saturation: 0.4))),
    ("hue", jitter(ColourJitter(hue: 0.1))), ("cutout", Augmentation(cutout: 8)),
    ("mixup", Augmentation(mixup: 0.2)),
  ]

  private static func jitter(_ colours: ColourJitter) -> Augmentation { Augmentation(colours: colours) }

  /// Measures.
  ///
  /// - Parameter advanced: is told the share that is done, and may stop the work by throwing.
  /// - Returns: times.
  /// - Throws: ``InputError`` for a folder that cannot be read; what `advanced` throws.
  public func run(_ advanced: (Double) throws -> Void) throws -> Result {
    let memory = try load(inMemory: true) { try advanced(0.1 * $0) }
    let folder = try load(inMemory: false) { try advanced(0.1 + 0.1 * $0) }
    let train = memory.train
    let step = TrainingStep(
      batch: batch,
      ModelSpecification(
        "resnet20", classes: train.classes.count, channels: train.channels, height: train.height, width: train.width))
    let makers = [memory, folder].map {
      BatchMaker($0.train, normalization: $0.normalization, augmentation: $0.augmentation, seed: 1)
    }
    var times = [Durations(), Durations()]
    for index in 0..<steps + 3 {
      for (kind, maker) in makers.enumerated() {
        let indices = (0..<batch).map { (index * batch + $0) % train.count }
        var duration = Durations()
        duration.time { feed(step, maker, indices) }
        // The first steps make primitives and warm caches.
        if index >= 3 { times[kind].add(duration) }
      }
      try advanced(0.2 + 0.6 * Double(index) / Double(steps + 3))
    }
    let decoding = rate(makers[1], isRaw: true)
    var rates: [(name: String, durations: Durations)] = []
    for (name, augmentation) in Self.augmentations {
      let maker = BatchMaker(train, normalization: memory.normalization, augmentation: augmentation, seed: 1)
      rates.append((name, rate(maker, isRaw: false)))
      try advanced(0.8 + 0.2 * Double(rates.count) / Double(Self.augmentations.count))
    }
    if let complaint = folder.complaint { throw WorkError(complaint) }
    return Result(
      batch: batch, shape: [train.height, train.width, train.channels], memory: times[0], folder: times[1],
      decoding: decoding, augmentations: rates)
  }

  private func load(inMemory: Bool, _ advanced: DatasetCatalog.Advanced) throws -> DataSplits {
    var given: [String: OptionValue] = ["path": .text(path), "memory": .number(inMemory ? 1_000_000 : 0)]
    if let size { given["size"] = .number(Double(size)) }
    let options = try Options(given, for: DatasetCatalog.entry("image-folder"), at: "--path")
    return try DatasetCatalog.load("image-folder", options, seed: 1, advanced)
  }

  private func feed(_ step: TrainingStep, _ maker: BatchMaker, _ indices: [Int]) {
    let set = maker.set
    let images = Tensor(shape: [indices.count, set.height, set.width, set.channels]) {
      maker.fill($0, indices: indices[...], epoch: 0)
    }
    step.step(images, indices.map { Int(set.labels[$0]) })
  }

  /// Seconds per 1,000 images, five times.
  private func rate(_ maker: BatchMaker, isRaw: Bool) -> Durations {
    let count = min(1000, maker.set.count)
    let indices = Array(0..<count)
    let output = UnsafeMutableBufferPointer<Float>.allocate(capacity: count * maker.set.imageSize)
    defer { output.deallocate() }
    func fill() {
      if isRaw {
        maker.fillRaw(output, indices: indices[...])
      } else {
        maker.fill(output, indices: indices[...], epoch: 0)
      }
    }
    fill()
    var durations = Durations()
    for _ in 0..<5 { durations.time(fill) }
    return durations.divided(by: Double(count) / 1000)
  }
}
