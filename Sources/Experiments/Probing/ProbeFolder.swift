import Checkpoints
import Foundation
import Plotting
import Reporting
import Statistics
import Support

/// What a probe leaves in a folder.
public protocol ProbeFiles {
  /// Pictures by name, without `.png`.
  var figures: [(name: String, figure: Plotting.Figure)] { get }
  /// Tables by name, without `.csv`.
  var tables: [(name: String, table: Table)] { get }
  /// Tensors by the name of their file, without `.safetensors`.
  var tensors: [(name: String, tensors: [StoredTensor])] { get }
  /// A page that shows the figures, for `report.md`; nil for none.
  var report: Report? { get }
}

extension ProbeFiles {
  /// None.
  public var tensors: [(name: String, tensors: [StoredTensor])] { [] }
  /// None.
  public var report: Report? { nil }
}

/// A folder that a probe writes figures, tables and tensors into.
public struct ProbeFolder {
  private let url: URL
  private let forms: ReportForms

  /// - Parameters:
  ///   - path: made when something is written.
  ///   - forms: of figures beside PNG, and of the report beside markdown.
  /// - Throws: ``InputError``, before any work, if it could not be written to.
  public init(_ path: String, forms: ReportForms = ReportForms()) throws {
    self.forms = forms
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
    for (name, tensors) in files.tensors {
      try Safetensors(tensors: tensors).write(to: url.appendingPathComponent("\(name).safetensors"))
    }
    for (name, figure) in files.figures {
      try figure.write(to: url.appendingPathComponent("\(name).png"))
      try forms.write(figure, named: name, to: url)
    }
    guard let report = files.report else { return }
    try report.write(to: url.appendingPathComponent("report.md"))
    try forms.write(
      report, files.figures.reduce(into: [:]) { $0["\($1.name).png"] = $1.figure }, to: url)
  }
}
