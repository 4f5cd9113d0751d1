import Distillation
import Foundation
import Support

/// What watches a training: keeps its weights in files, shows it elsewhere, or whatever a caller wants. A ``Trainer`` has
/// any number of them, none too.
///
/// Observers are asked in their order; what one throws ends the training.
public protocol TrainingObserver: AnyObject {
  /// Before the first step: goes on with what an earlier process has left.
  ///
  /// - Parameter program: with its first weights; is put back to where that training stopped.
  /// - Returns: the history up to there; nil to begin anew.
  /// - Throws: ``InputError`` if what was left does not belong to this training.
  func resume(_ program: any TrainingProgram) throws -> TrainingHistory?
  /// The training begins, or goes on after the epochs of a history.
  func begin(after history: TrainingHistory, stepsPerEpoch: Int) throws
  /// A step is done.
  ///
  /// - Parameters:
  ///   - done: steps of the epoch that are done.
  ///   - stepsPerEpoch: all of them.
  ///   - epoch: from 0.
  ///   - names: of the terms.
  ///   - values: of the terms before their weights; NaN for one that took no part.
  /// - Throws: what ends the training.
  func step(_ done: Int, of stepsPerEpoch: Int, epoch: Int, _ names: [String], _ values: [Float]) throws
  /// A moment inside of an epoch that the trainer was asked to stop at.
  func moment(_ moment: Moment, _ program: any TrainingProgram) throws
  /// An epoch is done, the last one of the history.
  func epoch(_ history: TrainingHistory, _ program: any TrainingProgram) throws
  /// Where the weights after an epoch are kept, for those whose training has broken; nil for nowhere.
  func checkpoint(epoch: Int) -> URL?
}

extension TrainingObserver {
  /// Begins anew.
  public func resume(_ program: any TrainingProgram) -> TrainingHistory? { nil }
  /// Does nothing.
  public func begin(after history: TrainingHistory, stepsPerEpoch: Int) {}
  /// Does nothing.
  public func step(_ done: Int, of stepsPerEpoch: Int, epoch: Int, _ names: [String], _ values: [Float]) {}
  /// Does nothing.
  public func moment(_ moment: Moment, _ program: any TrainingProgram) {}
  /// Does nothing.
  public func epoch(_ history: TrainingHistory, _ program: any TrainingProgram) {}
  /// Nowhere.
  public func checkpoint(epoch: Int) -> URL? { nil }
}
