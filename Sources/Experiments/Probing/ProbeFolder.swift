import Foundation
import Plotting
import Statistics
import Support

/// What a probe leaves in a folder.
public protocol ProbeFiles {
  /// Pictures by name, without `.png`.
  var figures: [(name: String, figure: Plotting.Figure)] { get }
  /// Tables by name, without `.csv`.
  var tables: [(name: String, table: Table)] { get }
}

/// A folder that a probe writes figures and tables into.
public struct ProbeFolder {
  private let url: URL

  /// - Parameter path: made when something is written.
  /// - Throws: ``InputError``, before any work, if it could not be written to.
  public init(_ path: String) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
    try Folders.requireWritable(url)
  }

  /// Writes all files; others in the folder stay.
  ///
  /// - Throws: ``InputError`` if the folder cannot be written to, ``WorkError`` if a write fails.
  public func write(_ files: some ProbeFiles) throws {
    try Folders.create(url)
    for (name, table) in files.tables {
      try AtomicFile.write(Data(table.csv.utf8), to: url.appendingPathComponent("\(name).csv"))
    }
    for (name, figure) in files.figures { try figure.write(to: url.appendingPathComponent("\(name).png")) }
  }
}
