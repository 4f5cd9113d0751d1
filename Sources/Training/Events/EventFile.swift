import Foundation
import Glibc
import Support

/// A TensorBoard event file that grows record by record: each is handed to the system at once, so that TensorBoard
/// shows it while the training goes on.
package final class EventFile {
  /// The file.
  let url: URL
  private let descriptor: Int32

  /// Opens the newest event file of a folder, or begins one; the folder is made if need be.
  ///
  /// - Parameters:
  ///   - folder: one network's, or one report's.
  ///   - time: seconds since 1970, for the name of a new file.
  /// - Throws: as ``Folders/create(_:)``, and ``InputError`` if the file cannot be opened.
  init(in folder: URL, time: Double) throws {
    try Folders.create(folder)
    url = Self.files(in: folder).last ?? folder.appendingPathComponent(Self.newName(time: time))
    descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { throw SystemFailure.opening(errno, url.path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw InputError(url.path, "is not a regular file", remedy: "remove it")
    }
  }

  deinit { close(descriptor) }

  /// Keeps the records up to the first that `isLater` holds for, cuts off the rest, and goes on writing there.
  ///
  /// - Returns: what was kept, in order.
  /// - Throws: ``WorkError`` if the file cannot be cut.
  func keep(until isLater: (EventScan.Found) -> Bool) throws -> [EventScan.Found] {
    let bytes = FileBytes.readIfGood(url.path, atMost: 1 << 30) ?? []
    let kept = Array(EventScan(bytes).records.prefix { !isLater($0) })
    let end = kept.last?.end ?? 0
    guard ftruncate(descriptor, off_t(end)) == 0, lseek(descriptor, off_t(end), SEEK_SET) >= 0 else {
      throw WorkError("\(url.path): cannot be cut (\(SystemFailure.reason(errno))); check the disk")
    }
    return kept
  }

  /// Adds a record at the end.
  ///
  /// - Throws: ``WorkError`` if the disk is full or the write fails; what came before stays good.
  func append(_ record: EventRecord) throws {
    try record.framed.withUnsafeBytes { try AtomicFile.writeAll($0, to: descriptor, path: url.path) }
  }

  /// Event files of a folder, the oldest first.
  package static func files(in folder: URL) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix("events.out.tfevents.") }.sorted().map(folder.appendingPathComponent)
  }

  /// `events.out.tfevents.<seconds, ten digits>.<host>`, as readers expect it.
  static func newName(time: Double) -> String {
    var host = [CChar](repeating: 0, count: 256)
    let isKnown = gethostname(&host, host.count - 1) == 0
    let name = isKnown ? String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : "host"
    let seconds = String(Int(max(0, time)))
    return "events.out.tfevents.\(String(repeating: "0", count: max(0, 10 - seconds.count)))\(seconds).\(name)"
  }
}
