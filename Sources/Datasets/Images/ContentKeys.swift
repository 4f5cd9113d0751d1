import Support

/// What a split holds, as SHA-256 digests: whether pictures, labels or masks have been exchanged since.
public struct ContentKeys: Codable, Sendable, Equatable {
  /// Images of the split.
  public let count: Int
  /// Of all pixels, or of the digests of all picture files where the images stay in files.
  public let images: String
  /// Of all labels.
  public let labels: String
  /// Of masks and parts; nil where there are none.
  public let masks: String?

  /// - Parameters:
  ///   - set: the split.
  ///   - files: digests of picture files that are known.
  ///   - advanced: is called between pieces, and may stop the work by throwing.
  /// - Throws: ``InputError`` if a picture cannot be read; what `advanced` throws.
  public init(of set: ImageSet, _ files: FileDigests, _ advanced: () throws -> Void) throws {
    var images = SHA256()
    images.update(Array("\(set.height) \(set.width) \(set.channels)".utf8))
    if let pictures = set.files {
      for digest in try files.digests(of: pictures.paths, advanced) { images.update(Array(digest.utf8)) }
    } else {
      set.forEachImage { images.update(UnsafeRawBufferPointer($0)) }
    }
    count = set.count
    self.images = images.hexDigest
    labels = set.labels.withUnsafeBytes { bytes in
      var hash = SHA256()
      hash.update(bytes)
      return hash.hexDigest
    }
    masks = set.masks.map { masks in
      var hash = SHA256()
      hash.update(masks)
      if let parts = set.parts { hash.update(parts) }
      return hash.hexDigest
    }
  }

  /// What is not as it was.
  ///
  /// - Parameters:
  ///   - earlier: what the split held.
  ///   - split: its name.
  /// - Returns: in words, "number of training images (18, now 24)"; empty for nothing.
  public func changes(since earlier: ContentKeys, of split: String) -> [String] {
    // With other images in other places nothing else can be as it was.
    if count != earlier.count { return ["number of \(split) images (\(earlier.count), now \(count))"] }
    let parts = [
      (images != earlier.images, "images"), (labels != earlier.labels, "labels"), (masks != earlier.masks, "masks"),
    ]
    let names = parts.filter(\.0).map(\.1)
    return names.isEmpty ? [] : ["\(split) \(names.joined(separator: " and "))"]
  }
}
