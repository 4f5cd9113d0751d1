import Foundation
import Support

/// The folder of one network's training: `runs/NAME/seed-1/student`.
public struct RunFolder: Sendable, Equatable {
  /// The folder.
  public let url: URL

  /// - Parameter url: the folder.
  public init(_ url: URL) { self.url = url }

  /// `epoch-007.safetensors`; epoch 0 is the initialisation.
  public func checkpoint(epoch: Int) -> URL {
    let digits = String(epoch)
    return url.appendingPathComponent(
      "epoch-\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits).safetensors")
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
  public var epochs: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix("epoch-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst(6).dropLast(12))
    }.sorted()
  }
}
