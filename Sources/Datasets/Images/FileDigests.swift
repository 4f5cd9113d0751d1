import Foundation
import Support
import Synchronization
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// SHA-256 of files, kept in a file of its own: one that has not been touched since is not read again.
public final class FileDigests {
  /// What the file system says of a file: it changes with its contents.
  private struct Trace: Equatable {
    let size: Int
    let changes: [Int]
    let inode: UInt

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      size = Int(status.st_size)
      changes = [
        Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec), Int(status.st_ctim.tv_sec),
        Int(status.st_ctim.tv_nsec),
      ]
      inode = UInt(status.st_ino)
    }

    init?(_ fields: [Substring]) {
      let numbers = fields.compactMap { Int($0) }
      guard fields.count == 6, numbers.count == 6 else { return nil }
      size = numbers[0]
      changes = Array(numbers[1...4])
      inode = UInt(bitPattern: numbers[5])
    }

    var text: String { ([size] + changes + [Int(bitPattern: inode)]).map(String.init).joined(separator: " ") }

    /// Whether a change in the same tick of the clock would leave the trace as it is.
    var isFresh: Bool { max(changes[0], changes[2]) >= time(nil) - 2 }
  }

  private let url: URL?
  private var known: [String: (trace: Trace, digest: String)] = [:]
  private var isChanged = false

  /// - Parameter url: where digests are kept; a file that is not there, or damaged, is none. Nil to keep nothing.
  public init(_ url: URL?) {
    self.url = url
    guard let url, let bytes = FileBytes.readIfGood(url.path, atMost: 256 << 20) else { return }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      // "DIGEST size mtime ns ctime ns inode path": the path may have blanks.
      let fields = line.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: false)
      guard fields.count == 8, fields[0].count == 64, let trace = Trace(Array(fields[1...6])) else { continue }
      known[String(fields[7])] = (trace, String(fields[0]))
    }
  }

  /// The digests of files; those that are not known are read on all threads.
  ///
  /// - Parameters:
  ///   - paths: of the files.
  ///   - advanced: is called between pieces, and may stop the work by throwing.
  /// - Returns: 64 hexadecimal digits for each.
  /// - Throws: ``InputError`` for the first file that cannot be read; what `advanced` throws.
  func digests(of paths: [String], _ advanced: () throws -> Void) throws -> [String] {
    var digests: [String] = []
    digests.reserveCapacity(paths.count)
    for start in stride(from: 0, to: paths.count, by: 256) {
      try advanced()
      let piece = Array(paths[start..<min(paths.count, start + 256)])
      let traces = piece.map(Trace.init(_:))
      let found = zip(piece, traces).map { path, trace in
        known[path].flatMap { $0.trace == trace ? $0.digest : nil }
      }
      digests += try zip(found, try read(piece, where: found.map { $0 == nil })).enumerated().map { place, pair in
        guard let digest = pair.0 ?? pair.1 else {
          throw InputError(piece[place], "cannot be read", remedy: "check the disk")
        }
        if pair.0 == nil, let trace = traces[place], !trace.isFresh {
          known[piece[place]] = (trace, digest)
          isChanged = true
        }
        return digest
      }
    }
    return digests
  }

  private func read(_ paths: [String], where isWanted: [Bool]) throws -> [String?] {
    let results = Results(count: paths.count)
    parallelFor(count: paths.count) { range in
      for place in range where isWanted[place] {
        do {
          let bytes = try FileBytes.read(paths[place], atMost: Picture.mostBytes, as: "a picture")
          let digest = SHA256.hexDigest(of: bytes)
          results.found.withLock { $0.digests[place] = digest }
        } catch {
          results.found.withLock { $0.error = $0.error ?? error }
        }
      }
    }
    if let error = results.found.withLock({ $0.error }) { throw error }
    return results.found.withLock { $0.digests }
  }

  /// What the threads have found.
  private final class Results: Sendable {
    let found: Mutex<(digests: [String?], error: (any Error)?)>

    init(count: Int) { found = Mutex((Array(repeating: nil, count: count), nil)) }
  }

  /// Keeps what was found out for the next process.
  ///
  /// - Throws: as ``AtomicFile``.
  public func write() throws {
    guard let url, isChanged else { return }
    let lines = known.filter { !$0.key.contains("\n") }.sorted { $0.key < $1.key }
      .map { "\($0.value.digest) \($0.value.trace.text) \($0.key)\n" }
    try AtomicFile.write(Data(lines.joined().utf8), to: url)
    isChanged = false
  }
}
