import Foundation
import Support

/// Labelled images as a question to trained networks takes them: what is there, and nothing held out of it.
public struct AskedSplits: Sendable {
  /// A part of a data set.
  public enum Part: String, Sendable, CaseIterable {
    case test, development, train
  }

  /// The images; a part that is not there stands for the one that is asked about.
  public let splits: DataSplits
  /// The part that is asked about.
  public let part: Part
  /// Whether there are development images that are not asked about.
  public let hasOwnDevelopment: Bool
  /// Whether there are training images that no other part has.
  public let hasOwnTraining: Bool

  /// The images that are asked about.
  public var images: ImageSet {
    switch part {
    case .test: splits.test
    case .development: splits.development
    case .train: splits.train
    }
  }

  /// Loads or makes a data set.
  ///
  /// Pictures in class folders alone, and arrays without test images, are all asked about; a folder with some of
  /// `train`, `test` and `development` needs no other. Where a part of undivided images is named, they are divided as
  /// in a training of the same seed.
  ///
  /// - Parameters:
  ///   - name: of a data set.
  ///   - options: checked against its entry.
  ///   - seed: decides which images are held out, and what procedural images look like.
  ///   - part: which images; nil for the test images, or all that there are.
  /// - Throws: ``InputError`` as ``DatasetCatalog/load(_:_:seed:_:)`` does, and for a part that is not there.
  public init(_ name: String, _ options: Options, seed: UInt64, part: Part?) throws {
    if name == ImageFolderSet.entry.name, let path = options[ImageFolderSet.path], Folders.isFolder(path) {
      let folders = try Self.folders(in: path)
      let parts = Part.allCases.filter { folders[$0] != nil }
      if parts.isEmpty, part == nil {
        self.init(undivided: try ImageFolderSet.whole("", of: path, options) { _ in })
        return
      }
      if !parts.isEmpty, !parts.contains(.train) || !parts.contains(.test) {
        try self.init(parts, folders, of: path, part, options)
        return
      }
    }
    if name == ArraySet.entry.name, options[ArraySet.testPath] == nil, let path = options[ArraySet.path], part == nil {
      self.init(undivided: try ArraySet.whole(path, options))
      return
    }
    self.init(
      try DatasetCatalog.load(name, options, seed: seed), part ?? .test, hasOwnDevelopment: part ?? .test == .test,
      hasOwnTraining: true)
  }

  private init(_ splits: DataSplits, _ part: Part, hasOwnDevelopment: Bool, hasOwnTraining: Bool = false) {
    self.splits = splits
    self.part = part
    self.hasOwnDevelopment = hasOwnDevelopment
    self.hasOwnTraining = hasOwnTraining
  }

  private init(undivided all: (set: ImageSet, normalization: Normalization)) {
    self.init(
      DataSplits(train: all.set, development: all.set, test: all.set, normalization: all.normalization), .test,
      hasOwnDevelopment: false)
  }

  /// Some parts of a folder, not enough to train with.
  private init(
    _ parts: [Part], _ folders: [Part: String], of path: String, _ part: Part?, _ options: Options
  ) throws {
    let part = part ?? parts[0]
    guard parts.contains(part) else {
      throw InputError(
        "--split", "there is no folder \(part.rawValue) in \(path)",
        remedy: "there is \(parts.map(\.rawValue).joined(separator: " and "))")
    }
    let asked = try ImageFolderSet.whole(folders[part] ?? part.rawValue, of: path, options) { _ in }
    let hasOwnDevelopment = part == .test && parts.contains(.development)
    let folder = folders[.development] ?? Part.development.rawValue
    let development = hasOwnDevelopment ? try ImageFolderSet.whole(folder, of: path, options) { _ in }.set : asked.set
    guard development.classes == asked.set.classes else {
      throw InputError(
        "\(path)/\(folder)", "its class folders are not those of \(part.rawValue)",
        remedy: "expected \(asked.set.classes.joined(separator: ", "))")
    }
    // Each split of these is the one that is asked about, but for development.
    self.init(
      DataSplits(
        train: asked.set, development: development, test: asked.set, normalization: asked.normalization), .test,
      hasOwnDevelopment: hasOwnDevelopment)
  }

  /// The folders of the parts that are there.
  private static func folders(in path: String) throws -> [Part: String] {
    var folders: [Part: String] = [:]
    for part in [Part.train, .test] where PictureTree.isSplit("\(path)/\(part.rawValue)") {
      folders[part] = part.rawValue
    }
    folders[.development] = try PictureTree.developmentFolder(in: path)
    return folders
  }
}
