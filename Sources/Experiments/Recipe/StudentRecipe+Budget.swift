import Distillation
import Support

extension StudentRecipe {
  /// What `training.epochs` counts.
  public enum Budget: String, OptionChoice, Codable {
    /// The joint training alone: stages before it come on top.
    case joint
    /// All epochs in which the student learns: a stage before that trains it is taken out of them.
    case total
  }

  /// A stage that a method has before the joint training.
  public struct Stage: Codable, Sendable, Equatable {
    /// Place of its method among ``StudentRecipe/terms``.
    public var term: Int
    /// Its name in logs.
    public var name: String
    /// Its length.
    public var epochs: Int
    /// Whether the student learns in it; otherwise parts of the method alone do.
    public var trainsStudent: Bool
  }

  /// Epochs of all stages before the joint training.
  public var preparationEpochs: Int { stages.reduce(0) { $0 + $1.epochs } }

  /// Epochs of those stages in which the student learns.
  public var studentStageEpochs: Int { stages.reduce(0) { $0 + ($1.trainsStudent ? $1.epochs : 0) } }

  /// Epochs of those stages in which parts of its methods learn alone.
  public var ownStageEpochs: Int { preparationEpochs - studentStageEpochs }

  /// Epochs of the joint training.
  ///
  /// - Parameter epochs: `training.epochs`.
  /// - Returns: what ``budget`` leaves of them.
  public func jointEpochs(of epochs: Int) -> Int { budget == .total ? epochs - studentStageEpochs : epochs }

  /// Which epoch of the whole training belongs to an epoch that ``budget`` counts; 0 is the initialisation.
  public func trainedEpoch(_ epoch: Int) -> Int { trainedMoment(Moment(epoch: epoch)).floor }

  /// The same for a moment inside of an epoch.
  public func trainedMoment(_ moment: Moment) -> Moment {
    let epoch = moment.epochs
    guard epoch > 0, budget == .total else { return epoch == 0 ? 0 : Moment(epoch + Double(preparationEpochs)) }
    var (trained, rest) = (0, epoch)
    for stage in stages {
      guard stage.trainsStudent, rest <= Double(stage.epochs) else {
        trained += stage.epochs
        rest -= stage.trainsStudent ? Double(stage.epochs) : 0
        continue
      }
      return Moment(Double(trained) + rest)
    }
    return Moment(Double(trained) + rest)
  }

  /// The student with its stages taken out of a budget, so that it learns for as many epochs as every other.
  ///
  /// A stage whose length is not stated takes the share of the budget that the source of its default gives it
  /// (``StudentStage``): 30 of 30 + 240 epochs, a ninth.
  ///
  /// - Parameters:
  ///   - epochs: `training.epochs`.
  ///   - stated: for each term the options that the user wrote.
  ///   - place: where the user wrote them.
  /// - Returns: the student itself if no stage trains it.
  /// - Throws: ``InputError`` if nothing is left for the joint training.
  func sharing(_ epochs: Int, stated: [Set<String>], at place: String) throws -> StudentRecipe {
    guard studentStageEpochs > 0 else { return self }
    var student = self
    student.budget = .total
    for (index, stage) in stages.enumerated() where stage.trainsStudent {
      let term = terms[stage.term]
      guard let share = MethodRegistry.studentStage(of: term.method, budget: epochs),
        let entry = MethodRegistry.entries.first(where: { $0.name == term.method }),
        !stated[stage.term].contains(share.option)
      else { continue }
      student.stages[index].epochs = share.epochs
      let options = term.options.values.merging([share.option: .number(Double(share.epochs))]) { $1 }
      student.terms[stage.term].options = try Options(options, for: entry, at: place)
    }
    try student.requireJointEpochs(of: epochs, at: place)
    return student
  }

  /// - Throws: ``InputError`` if the stages take all of `training.epochs`.
  func requireJointEpochs(of epochs: Int, at place: String) throws {
    guard jointEpochs(of: epochs) < 1, let stage = stages.last(where: \.trainsStudent) else { return }
    let method = terms[stage.term].method
    let option = MethodRegistry.studentStage(of: method, budget: epochs)?.option
    throw InputError(
      place,
      "the stage '\(stage.name)' of \(method) takes \(studentStageEpochs) of training.epochs, which is \(epochs)",
      remedy:
        "leave some for the joint training\(option.map { ", with \($0)=…" } ?? ""), or count that alone: budget joint")
  }
}

extension StudentRecipe.Stage {
  init(term: Int, _ preparation: Preparation) {
    var trainsStudent = false
    if case .student = preparation.trains { trainsStudent = true }
    self.init(term: term, name: preparation.name, epochs: preparation.epochs, trainsStudent: trainsStudent)
  }
}
