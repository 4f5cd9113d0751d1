import Checkpoints
import Datasets
import Foundation
import Models
import Support

/// A data set that checkpoints are asked about.
public struct ProbeData {
  /// Which images of a data set.
  public typealias Split = AskedSplits.Part

  /// A checkpoint's network, fit for the data.
  public struct ProbedNetwork {
    /// Where it was read from.
    public let url: URL
    /// The network, frozen.
    public let network: any Network
    /// What the file says that the network is: teacher, baseline or a student's name; nil for a foreign file.
    public let role: String?
    /// Of its training where the file says it, else of the data set.
    public let normalization: Normalization
    /// What its outputs stand for: the file's names of classes, or those of the data that it was matched with; their
    /// numbers where nothing names them.
    public var classes: [String]
  }

  /// Name of the data set.
  public let name: String
  private let loaded: AskedSplits
  /// Its images; parts that are not there stand for those that are asked about.
  public var splits: DataSplits { loaded.splits }
  /// The images that are asked about.
  public let asked: ImageSet
  /// Which images are asked about.
  public var part: Split { loaded.part }
  /// Whether there are training images beside those that are asked about.
  public var hasOwnTraining: Bool { loaded.hasOwnTraining }
  /// Images that are not asked about, for what must be fitted apart from them; nil where there are none.
  public var ownDevelopment: ImageSet? { loaded.hasOwnDevelopment ? splits.development : nil }

  /// Loads or makes a data set.
  ///
  /// - Parameters:
  ///   - name: of a data set.
  ///   - assignments: `data.option=value`, as `--set` takes them.
  ///   - seed: decides which images are held out, and what procedural images look like.
  ///   - split: which images are asked about; nil for the test images, or all where they are not divided.
  ///   - count: at most so many of them, spread evenly; nil for all.
  /// - Throws: ``InputError`` for an unknown name or option, or files that cannot be read.
  public init(
    _ name: String, assignments: [String] = [], seed: Int = 1, split: Split? = nil, count: Int? = nil
  ) throws {
    let entry = try DatasetCatalog.entry(name)
    var root = SourceNode(content: .map([]), place: "--data")
    for assignment in assignments {
      let change = try Override(assignment)
      guard change.path.count == 2, change.path[0] == "data" else {
        throw InputError(
          "--set \(assignment)", "is no option of the data set", remedy: "write --set data.option=value")
      }
      root = try change.applied(to: root)
    }
    let options = try Section(root, path: "", at: "--data").section("data").options(for: entry)
    self.name = name
    let loaded = try AskedSplits(name, options, seed: UInt64(max(0, seed)), part: split)
    self.loaded = loaded
    asked = count.map { loaded.images.spread($0) } ?? loaded.images
    for note in loaded.splits.notes { Notice.tell(note) }
  }

  /// Reads a checkpoint whose network takes these images.
  ///
  /// - Parameters:
  ///   - url: a checkpoint.
  ///   - model: name of the network where the file cannot say it.
  /// - Returns: the network with the normalisation of its training.
  /// - Throws: ``InputError`` if the file is no checkpoint or its network takes other images.
  public func network(_ url: URL, model: String?) throws -> ProbedNetwork {
    try probed(read(url, model: model), url)
  }

  private func read(_ url: URL, model: String?) throws -> Checkpoint {
    let set = splits.test
    let read = try Checkpoint.read(url, model: model, imageSize: (set.height, set.width))
    try read.network.specification.require(
      height: set.height, width: set.width, channels: set.channels, of: "\(name) has images of", at: "--data",
      checkpoint: url, canResize: DatasetCatalog.entry(name).options.contains { $0.name == "size" })
    if read.facts == nil {
      Notice.tell(
        "\(url.path): the file does not say how its images are normalised; those of \(name) are taken, "
          + "\(splits.normalization.text); --normalization names others")
    }
    return read
  }

  private func probed(_ read: Checkpoint, _ url: URL) -> ProbedNetwork {
    ProbedNetwork(read, url, orElse: splits.normalization)
  }

  /// The same for questions about labels: the classes must be the data's, and the outputs are put into their order.
  ///
  /// What the names do not tell, or tell otherwise than the places do, is said on standard error.
  ///
  /// - Throws: ``InputError`` if the classes differ.
  public func classifier(_ url: URL, model: String?) throws -> ProbedNetwork {
    let read = try read(url, model: model)
    switch try read.matchClasses(splits.test.classes, of: name, path: url.path) {
    case .same: break
    case .reordered:
      Notice.tell("\(url.path): its classes stand in another order than those of \(name); they are matched by name")
    case .unnamed:
      Notice.tell(
        "\(url.path): the classes of file and data are not both named; output k is taken for class k of \(name)")
    }
    var probed = probed(read, url)
    probed.classes = splits.test.classes
    return probed
  }

  /// The same for outputs as they are: in the order of the data's classes, or, where these are others, in the
  /// network's own.
  ///
  /// - Throws: ``InputError`` if the file is no checkpoint or its network takes other images.
  public func answering(_ url: URL, model: String?) throws -> ProbedNetwork {
    let own = try network(url, model: model)
    guard let matched = try? classifier(url, model: model) else {
      Notice.tell("\(url.path): its classes are not those of \(name); outputs are the network's own")
      return own
    }
    return matched
  }
}

extension ProbeData.ProbedNetwork {
  /// A network as its file has it, frozen.
  ///
  /// - Parameters:
  ///   - read: what the file holds.
  ///   - url: the file.
  ///   - normalization: where the file does not say its own.
  init(_ read: Checkpoint, _ url: URL, orElse normalization: Normalization) {
    read.network.freeze()
    self.url = url
    network = read.network
    role = read.facts?.role
    self.normalization = read.facts.map { Normalization(mean: $0.mean, std: $0.deviation) } ?? normalization
    classes = read.outputNames
  }
}

extension Checkpoint {
  /// What the network's outputs stand for, by its file; their numbers where that says nothing.
  var outputNames: [String] {
    let count = network.specification.classes
    return facts.flatMap { $0.classes.count == count ? $0.classes : nil } ?? (0..<count).map(String.init)
  }
}
