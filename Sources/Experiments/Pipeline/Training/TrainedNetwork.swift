import Checkpoints
import Foundation
import Support
import Training

/// A network that one role of a run ended with.
public struct TrainedNetwork {
  /// `teacher`, `baseline` or the name of a student.
  public let role: String
  /// Its seed.
  public let seed: Int
  /// The last epoch's weights.
  public let checkpoint: URL
  /// Share of the development images at the last epoch, in [0, 1]; test images are asked once, in the report.
  public let developmentAccuracy: Double
  /// Median over the epochs, without evaluation.
  public let imagesPerSecond: Double

  /// For programs.
  public var document: DocumentNode {
    .map([
      "role": .text(role), "seed": .number(Double(seed)), "checkpoint": .text(checkpoint.path),
      "development_accuracy": .number(developmentAccuracy), "images_per_second": .number(imagesPerSecond.rounded()),
    ])
  }

  /// For people: one line.
  public var summary: String {
    "\(role), seed \(seed): development accuracy \((developmentAccuracy * 10_000).rounded() / 100) %, "
      + "\(Int(imagesPerSecond)) images/s, \(checkpoint.path)"
  }

  init(_ context: RunContext, _ role: String, seed: Int) throws {
    let folder = context.folders.training(role, seed: seed)
    self.role = role
    self.seed = seed
    checkpoint = folder.checkpoint(epoch: context.lastEpoch(of: role))
    let epochs = try context.history(role, seed: seed).epochs
    developmentAccuracy = epochs.last?.developmentAccuracy ?? 0
    let seconds = epochs.map(\.seconds).sorted()
    imagesPerSecond =
      seconds.isEmpty ? 0 : Double(try context.data().train.count) / max(1e-9, seconds[seconds.count / 2])
  }
}
