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
  }

  /// Name of the data set.
  public let name: String
  private let loaded: AskedSplits
  /// Its images; parts that are not there stand for those that are asked about.
  public var splits: DataSplits { loaded.splits }
  /// The images that are asked about.
  public var asked: ImageSet { loaded.images }
  /// Images that are not asked about, for what must be fitted apart from them; nil where there are none.
  public var ownDevelopment: ImageSet? { loaded.hasOwnDevelopment ? splits.development : nil }

  /// Loads or makes a data set.
  ///
  /// - Parameters:
  ///   - name: of a data set.
  ///   - assignments: `data.option=value`, as `--set` takes them.
  ///   - seed: decides which images are held out, and what procedural images look like.
  ///   - split: which images are asked about; nil for the test images, or all where they are not divided.
  /// - Throws: ``InputError`` for an unknown name or option, or files that cannot be read.
  public init(_ name: String, assignments: [String] = [], seed: Int = 1, split: Split? = nil) throws {
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
    loaded = try AskedSplits(name, options, seed: UInt64(max(0, seed)), part: split)
  }

  /// Reads a checkpoint whose network takes these images.
  ///
  /// - Parameters:
  ///   - url: a checkpoint.
  ///   - model: name of the network where the file cannot say it.
  /// - Returns: the network with the normalisation of its training.
  /// - Throws: ``InputError`` if the file is no checkpoint or its network takes other images.
  public func network(_ url: URL, model: String?) throws -> ProbedNetwork {
    let set = splits.test
    let read = try Checkpoint.read(url, model: model, imageSize: (set.height, set.width))
    try read.network.specification.require(
      height: set.height, width: set.width, channels: set.channels, of: "\(name) has images of", at: "--data",
      checkpoint: url)
    read.network.freeze()
    let stored = read.facts.map { Normalization(mean: $0.mean, std: $0.deviation) }
    return ProbedNetwork(
      url: url, network: read.network, role: read.facts?.role, normalization: stored ?? splits.normalization)
  }

  /// The same for questions about labels: the classes must be the data's.
  ///
  /// - Throws: ``InputError`` if the numbers of classes differ.
  public func classifier(_ url: URL, model: String?) throws -> ProbedNetwork {
    let probed = try network(url, model: model)
    let classes = splits.test.classes.count
    guard probed.network.specification.classes == classes else {
      throw InputError(
        "--data", "\(name) has \(classes) classes", remedy: "\(url.path) has \(probed.network.specification.classes)")
    }
    return probed
  }
}
