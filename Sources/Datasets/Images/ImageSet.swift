import Support

/// Labelled images, unsigned bytes in NHWC order: in memory, or in picture files that are decoded when asked for.
public struct ImageSet: Sendable {
  /// Kebab-case name of the data set.
  public let name: String
  /// Rows of one image, pixels.
  public let height: Int
  /// Columns of one image, pixels.
  public let width: Int
  /// Colours per pixel: 1 or 3.
  public let channels: Int
  /// Class names; a label is an index into them.
  public let classes: [String]
  private let store: PixelStore
  /// [N], each below `classes.count`.
  public let labels: [Int32]
  /// [N, H, W], 1 where the pixel belongs to the object, else 0; nil where the set has no masks.
  public let masks: [UInt8]?
  /// [N, H, W], 0 where there is no part, else 1 + index into `partNames`; nil where parts are unknown.
  public let parts: [UInt8]?
  /// Names of the parts; empty where parts are unknown.
  public let partNames: [String]

  /// Images per set.
  public var count: Int { labels.count }

  /// Values of one image: H · W · C.
  public var imageSize: Int { height * width * channels }

  /// [N, H, W, C]; only of a set in memory. ``withImage(_:_:)`` serves both kinds.
  public var pixels: [UInt8] {
    guard case .memory(let pixels) = store else { preconditionFailure("pixels: the images of \(name) are in files") }
    return pixels
  }

  /// The same images with other labels.
  ///
  /// - Parameter labels: one for each image, each below `classes.count`.
  /// - Returns: the set, its images where they were.
  public func labelled(_ labels: [Int32]) -> ImageSet {
    precondition(labels.count == count, "labelled: \(labels.count) labels for \(count) images")
    return ImageSet(
      name: name, height: height, width: width, channels: channels, classes: classes, store: store, labels: labels,
      masks: masks, parts: parts, partNames: partNames)
  }

  /// Whether the images are in memory.
  public var isInMemory: Bool { files == nil }

  /// What stopped a picture from being read since the set was opened, one line; such an image is black.
  public var complaint: String? { files?.complaint }

  /// Lends one image, [H, W, C]; the pointer is not valid outside of `body`.
  public func withImage<R>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    switch store {
    case .memory(let pixels):
      try pixels.withUnsafeBufferPointer {
        try body(UnsafeBufferPointer(rebasing: $0[index * imageSize..<(index + 1) * imageSize]))
      }
    case .files(let files): try files.image(index).withUnsafeBufferPointer(body)
    }
  }

  /// Lends all images in a row, in as few pieces as they lie in memory: [n, H, W, C] each.
  public func forEachImage(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) rethrows {
    switch store {
    case .memory(let pixels): try pixels.withUnsafeBufferPointer(body)
    case .files: for index in 0..<count { try withImage(index, body) }
    }
  }

  var files: PictureFiles? { if case .files(let files) = store { files } else { nil } }

  /// - Parameters:
  ///   - name: kebab-case name of the data set.
  ///   - height: rows, pixels.
  ///   - width: columns, pixels.
  ///   - channels: colours per pixel.
  ///   - classes: class names.
  ///   - pixels: [N, H, W, C].
  ///   - labels: [N], indices into `classes`.
  ///   - masks: [N, H, W], 1 for foreground.
  ///   - parts: [N, H, W], 1 + index into `partNames`, 0 for none.
  ///   - partNames: names of the parts.
  public init(
    name: String, height: Int, width: Int, channels: Int, classes: [String], pixels: [UInt8], labels: [Int32],
    masks: [UInt8]? = nil, parts: [UInt8]? = nil, partNames: [String] = []
  ) {
    precondition(
      pixels.count == labels.count * height * width * channels,
      "ImageSet: \(pixels.count) values for \(labels.count) images of \(height)x\(width)x\(channels)")
    self.init(
      name: name, height: height, width: width, channels: channels, classes: classes, store: .memory(pixels),
      labels: labels, masks: masks, parts: parts, partNames: partNames)
  }

  /// Images that stay in their files.
  init(name: String, classes: [String], files: PictureFiles, labels: [Int32], masks: [UInt8]? = nil) {
    precondition(files.paths.count == labels.count, "ImageSet: \(files.paths.count) files, \(labels.count) labels")
    self.init(
      name: name, height: files.fit.height, width: files.fit.width, channels: files.fit.channels, classes: classes,
      store: .files(files), labels: labels, masks: masks, parts: nil, partNames: [])
  }

  private init(
    name: String, height: Int, width: Int, channels: Int, classes: [String], store: PixelStore, labels: [Int32],
    masks: [UInt8]?, parts: [UInt8]?, partNames: [String]
  ) {
    let area = labels.count * height * width
    precondition(
      labels.allSatisfy { $0 >= 0 && $0 < classes.count }, "ImageSet: a label outside 0..<\(classes.count) classes")
    precondition((masks?.count ?? area) == area, "ImageSet: \(masks?.count ?? 0) mask values for \(area) pixels")
    precondition((parts?.count ?? area) == area, "ImageSet: \(parts?.count ?? 0) part values for \(area) pixels")
    self.name = name
    self.height = height
    self.width = width
    self.channels = channels
    self.classes = classes
    self.store = store
    self.labels = labels
    self.masks = masks
    self.parts = parts
    self.partNames = partNames
  }

  /// The images at the given indices, in that order.
  public func subset(_ indices: [Int]) -> ImageSet {
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < count },
      "subset: an index outside 0..<\(count) among \(indices.count) indices")
    return ImageSet(
      name: name, height: height, width: width, channels: channels, classes: classes,
      store: store.subset(indices, imageSize: imageSize), labels: indices.map { labels[$0] },
      masks: masks.map { gathered($0, indices, width: height * width) },
      parts: parts.map { gathered($0, indices, width: height * width) }, partNames: partNames)
  }

  /// The image that each place has where some classes are not shown: its own, or one of another class.
  ///
  /// - Parameter classes: places among ``classes``; one image at least is of another one.
  /// - Returns: as many as there are images.
  public func places(omitting classes: Set<Int>) -> [Int] {
    let left = labels.indices.filter { !classes.contains(Int(labels[$0])) }
    precondition(!left.isEmpty, "places: no image is left")
    var next = 0
    return labels.indices.map { index in
      guard classes.contains(Int(labels[index])) else { return index }
      defer { next += 1 }
      // The left ones come by turns, so that none is shown much more often than another.
      return left[next % left.count]
    }
  }

  /// The class of a name, or of a number from 0; nil where there is none.
  public func place(ofClass name: String) -> Int? {
    classes.firstIndex(of: name) ?? Int(name).flatMap { classes.indices.contains($0) ? $0 : nil }
  }

  /// Number of images of each class.
  public var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }
}

/// Where the pixels are.
private enum PixelStore: Sendable {
  /// [N, H, W, C].
  case memory([UInt8])
  case files(PictureFiles)

  func subset(_ indices: [Int], imageSize: Int) -> PixelStore {
    switch self {
    case .memory(let pixels): .memory(gathered(pixels, indices, width: imageSize))
    case .files(let files): .files(files.subset(indices))
    }
  }
}

private func gathered(_ values: [UInt8], _ indices: [Int], width: Int) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(indices.count * width)
  for index in indices { result.append(contentsOf: values[index * width..<(index + 1) * width]) }
  return result
}
