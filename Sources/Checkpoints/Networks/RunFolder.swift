import Foundation
import Models
import Support

/// The folder of one network's training: `runs/NAME/seed-1/student`.
public struct RunFolder: Sendable, Equatable {
  /// The folder.
  public let url: URL

  /// - Parameter url: the folder.
  public init(_ url: URL) { self.url = url }

  /// `epoch-007.safetensors`; epoch 0 is the initialisation.
  public func checkpoint(epoch: Int) -> URL { checkpoint(at: Moment(epoch: epoch)) }

  /// `epoch-007.safetensors`, `epoch-000.125.safetensors`.
  public func checkpoint(at moment: Moment) -> URL {
    let digits = String(moment.floor).count
    return url.appendingPathComponent(
      "epoch-\(String(repeating: "0", count: max(0, 3 - digits)))\(moment).safetensors")
  }

  /// Optimiser, history and method state after the latest epoch.
  public var state: URL { url.appendingPathComponent("state/latest.safetensors") }

  /// One row per epoch.
  public var log: URL { url.appendingPathComponent("log.csv") }

  /// Makes the folder and its `state/`.
  ///
  /// - Throws: as ``Folders/create(_:)``.
  public func create() throws { try Folders.create(state.deletingLastPathComponent()) }

  /// The epochs whose checkpoints are there, in order.
  public var epochs: [Int] { moments.compactMap(\.wholeEpoch) }

  /// The moments whose checkpoints are there, in order.
  public var moments: [Moment] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.compactMap(Self.moment).sorted()
  }

  /// The network of one of a run's checkpoints.
  ///
  /// - Parameter file: as ``checkpoint(epoch:)`` names it.
  /// - Returns: it, in the state in which it was stored.
  /// - Throws: as ``Checkpoint/read(_:model:key:imageSize:)``, and ``InputError`` if the file says that it is of another
  ///   epoch: somebody has copied it there.
  public static func network(at file: URL) throws -> any Network {
    let read = try Checkpoint.read(file)
    if let found = read.facts?.epoch, let named = moment(of: file.lastPathComponent), found != named {
      throw InputError(
        file.path, "holds the weights of epoch \(found)",
        remedy: "put back the file that the run wrote, or train again under another name")
    }
    return read.network
  }

  private static func moment(of name: String) -> Moment? {
    guard name.hasPrefix("epoch-"), name.hasSuffix(".safetensors") else { return nil }
    return Moment(String(name.dropFirst(6).dropLast(12)))
  }
}
