import Support
import Synchronization
import Tensors

/// Pictures that become images of one size, decoded when they are asked for.
struct PictureFiles: Sendable {
  /// Where each picture lies.
  let paths: [String]
  /// What it becomes.
  let fit: PictureFit
  private let failure: FirstFailure

  /// - Parameters:
  ///   - paths: where each picture lies.
  ///   - fit: size and colours of an image.
  init(paths: [String], fit: PictureFit) {
    self.init(paths: paths, fit: fit, failure: FirstFailure())
  }

  private init(paths: [String], fit: PictureFit, failure: FirstFailure) {
    self.paths = paths
    self.fit = fit
    self.failure = failure
  }

  /// The pictures at the given places.
  func subset(_ indices: [Int]) -> PictureFiles {
    PictureFiles(paths: indices.map { paths[$0] }, fit: fit, failure: failure)
  }

  /// The first picture that could not be read since the set was opened, in this set or one that shares its origin.
  var complaint: String? { failure.line }

  /// One image; black where the file has become unreadable, which ``complaint`` then says.
  ///
  /// - Returns: [H, W, C].
  func image(_ index: Int) -> [UInt8] {
    var image = [UInt8](repeating: 0, count: fit.imageSize)
    do { try image.withUnsafeMutableBufferPointer { try decode(index, to: $0) } } catch { failure.note(index, error) }
    return image
  }

  /// Decodes every picture once, on all threads.
  ///
  /// - Parameters:
  ///   - advanced: is told the share that is done, and may stop the work by throwing.
  ///   - body: is given the index of the first image of a piece and the piece's images, [n, H, W, C], piece by piece.
  /// - Throws: ``InputError`` for the first picture that cannot be read.
  func forEachPiece(
    _ advanced: (Double) throws -> Void, _ body: (_ first: Int, _ images: UnsafeBufferPointer<UInt8>) -> Void
  ) throws {
    let size = fit.imageSize
    let piece = max(Threads.count, min(512, (64 << 20) / size))
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: min(piece, max(1, paths.count)) * size)
    defer { buffer.deallocate() }
    nonisolated(unsafe) let target = buffer
    for start in stride(from: 0, to: paths.count, by: piece) {
      try advanced(Double(start) / Double(paths.count))
      let count = min(piece, paths.count - start)
      let failure = FirstFailure()
      parallelFor(count: count) { range in
        for place in range {
          let slot = UnsafeMutableBufferPointer(rebasing: target[place * size..<(place + 1) * size])
          do { try decode(start + place, to: slot) } catch { failure.note(place, error) }
        }
      }
      if let error = failure.error { throw error }
      body(start, UnsafeBufferPointer(rebasing: target[..<(count * size)]))
    }
    try advanced(1)
  }

  private func decode(_ index: Int, to target: UnsafeMutableBufferPointer<UInt8>) throws {
    let picture = try Picture(path: paths[index])
    try fit.check(picture, path: paths[index])
    fit.write(picture, to: target)
  }
}

/// The failure of the smallest index, whichever thread came first.
private final class FirstFailure: Sendable {
  private let first = Mutex<(index: Int, error: any Error)?>(nil)

  func note(_ index: Int, _ error: any Error) {
    first.withLock { if index < ($0?.index ?? .max) { $0 = (index, error) } }
  }

  var error: (any Error)? { first.withLock { $0?.error } }

  var line: String? { error.map { String(describing: $0) } }
}
