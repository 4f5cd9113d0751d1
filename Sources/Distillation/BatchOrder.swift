import Support

/// In which order a training draws its images.
public enum BatchOrder: Sendable, Hashable {
  /// Every image once an epoch, at random.
  case shuffled
  /// So many images of each of so many classes as fill a batch; the last batch of an epoch is whole, too. All classes are
  /// drawn equally often, and so are the images of a class.
  case classUniform(imagesPerClass: Int)

  /// The options of a method that may ask for an order.
  static let options = [sampler.option, imagesPerClass.option]
  /// What a batch is drawn from.
  enum Sampler: String, OptionChoice {
    case shuffled
    case classUniform = "class-uniform"
  }
  private static let sampler = OptionKey.choice(
    "sampler", default: Sampler.shuffled,
    "what a batch is drawn from: all images, or k = batch / images-per-class classes, of each as many images; holds "
      + "for the whole training of the student")
  private static let imagesPerClass = OptionKey.integer(
    "images-per-class", 1...100_000, default: 4, "m, images of each class in a batch; class-uniform only")

  /// - Throws: ``InputError`` if the batch is no whole number of classes.
  init(_ options: Options, _ setup: MethodSetup) throws {
    guard options[Self.sampler] == .classUniform else {
      self = .shuffled
      return
    }
    let images = options[Self.imagesPerClass]
    guard setup.batchSize % images == 0 else {
      throw InputError(
        setup.place, "a batch of \(setup.batchSize) images cannot be divided into classes of \(images)",
        remedy: "images-per-class must divide training.batch")
    }
    self = .classUniform(imagesPerClass: images)
  }

  /// Refuses data of which no batch can be drawn.
  ///
  /// - Parameters:
  ///   - labels: class of each image of the training split.
  ///   - classes: how many there are.
  ///   - batch: images of a step.
  ///   - place: where the student stands in the recipe.
  /// - Throws: ``InputError`` for too few classes, and for a class of too few images.
  public func require(_ labels: [Int], classes: Int, batch: Int, at place: String) throws {
    guard case .classUniform(let images) = self else { return }
    guard batch / images <= classes else {
      throw InputError(
        place,
        "a batch of \(batch) takes \(images) images of each of \(batch / images) classes, and there are "
          + "\(classes)", remedy: "raise images-per-class or lower training.batch")
    }
    var counts = Array(repeating: 0, count: classes)
    for label in labels { counts[label] += 1 }
    guard let small = counts.firstIndex(where: { $0 < images }) else { return }
    throw InputError(
      place,
      "class \(small) has \(counts[small]) training image\(counts[small] == 1 ? "" : "s"), and a batch takes \(images) of "
        + "each class",
      remedy: counts[small] == 0
        ? "use sampler: shuffled, or data with images of every class" : "images-per-class can be \(counts[small])")
  }
}

extension Collection where Element == any DistillationMethod {
  /// The order that these methods ask for; those that ask for none take it.
  ///
  /// - Parameter place: where the student stands in the recipe.
  /// - Returns: what the training follows.
  /// - Throws: ``InputError`` if they ask for different ones.
  public func batchOrder(at place: String) throws -> BatchOrder {
    guard let special = first(where: { $0.batchOrder != .shuffled }) else { return .shuffled }
    if let other = first(where: { $0.batchOrder != .shuffled && $0.batchOrder != special.batchOrder }) {
      throw InputError(
        place, "\(type(of: special).entry.name) and \(type(of: other).entry.name) ask for different batches",
        remedy: "give them the same images-per-class, or each a student of its own")
    }
    return special.batchOrder
  }
}
