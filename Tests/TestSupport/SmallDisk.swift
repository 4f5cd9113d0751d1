import Foundation

/// A disk of its own that fills up soon: a small file system in memory, which only root can mount.
public final class SmallDisk {
  /// Its top folder.
  public let url: URL

  /// Whether one can be had here: `.enabled(if: SmallDisk.isPossible, "mounting a tmpfs needs root")`.
  public static let isPossible: Bool = { (try? SmallDisk(kilobytes: 64)) != nil }()

  /// It could not be mounted.
  public struct MountFailed: Error {}

  /// - Parameters:
  ///   - kilobytes: size of the disk.
  ///   - files: how many files and folders it can hold, its top folder among them; no limit where nil.
  /// - Throws: ``MountFailed``.
  public init(kilobytes: Int, files: Int? = nil) throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("kdscope-disk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let options = "size=\(kilobytes)k" + (files.map { ",nr_inodes=\($0)" } ?? "")
    guard run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", url.path]) else {
      rmdir(url.path)
      throw MountFailed()
    }
  }

  deinit {
    _ = run("umount", ["--lazy", url.path])
    rmdir(url.path)
  }

  /// Gives it another size.
  ///
  /// - Throws: ``MountFailed``.
  public func resize(kilobytes: Int) throws {
    guard run("mount", ["-o", "remount,size=\(kilobytes)k", url.path]) else { throw MountFailed() }
  }

  /// Makes it smaller, or as small as what lies on it.
  ///
  /// - Throws: ``MountFailed``.
  public func shrink(kilobytes: Int) throws {
    for size in stride(from: kilobytes, through: 16_384, by: 64) where (try? resize(kilobytes: size)) != nil { return }
    throw MountFailed()
  }

  /// Refuses every write from now on.
  ///
  /// - Throws: ``MountFailed``.
  public func makeReadOnly() throws {
    guard run("mount", ["-o", "remount,ro", url.path]) else { throw MountFailed() }
  }
}

private func run(_ tool: String, _ arguments: [String]) -> Bool {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [tool] + arguments
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}
