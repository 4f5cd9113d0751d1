import Checkpoints
import Foundation
import Support

/// Why a training could not go on. It lies beside the checkpoints, so that a resume does not try again what comes to the
/// same end.
public struct TrainingFailure: Codable, Sendable, Equatable {
  /// What decides the weights of the training, as its checkpoints name it.
  public let recipe: String
  /// What is not a number, and when: "loss term 'fsp' is not a number at step 5 (epoch 1)".
  public let problem: String
  /// One line: where, what, and what would help.
  public let description: String

  /// - Parameters:
  ///   - divergence: what ended the training.
  ///   - recipe: what decides its weights.
  public init(_ divergence: Divergence, recipe: String) {
    self.recipe = recipe
    problem = divergence.problem
    description = divergence.description
  }

  /// What an earlier process noted of a training.
  ///
  /// - Parameters:
  ///   - folder: of the training.
  ///   - recipe: what decides its weights now; nil for whatever it was.
  /// - Returns: nil where there is none, it is damaged, or it is one of another recipe: then the training is tried.
  public static func read(_ folder: RunFolder, recipe: String? = nil) -> TrainingFailure? {
    guard let bytes = FileBytes.readIfGood(folder.failure.path, atMost: 1 << 20),
      let failure = try? JSONDecoder.ofStoredValues.decode(TrainingFailure.self, from: Data(bytes)),
      recipe.map({ $0 == failure.recipe }) ?? true
    else { return nil }
    return failure
  }

  /// Notes it in the folder of the training.
  ///
  /// - Throws: ``WorkError`` if that cannot be written.
  public func write(to folder: RunFolder) throws {
    try AtomicFile.write(try JSONEncoder.ofStoredValues.encode(self) + Data("\n".utf8), to: folder.failure)
  }
}

extension RunFolder {
  /// Why the training could not go on; there is no such file where it could.
  public var failure: URL { url.appendingPathComponent("failure.json") }
}
