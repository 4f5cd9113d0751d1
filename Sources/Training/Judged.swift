import Support
import Tensors

/// A network after an epoch, as its task judges it on the development split.
///
/// Accuracy and loss stand by themselves, as they do in the states of all trainings so far.
public protocol Judged: Sendable, Equatable, Codable {
  /// Accuracy, in [0, 1]; nil where the task has none.
  var developmentAccuracy: Double? { get }
  /// Mean cross-entropy, in nats.
  var developmentLoss: Double { get }
  /// All that the task is judged by; nil where that is accuracy and loss.
  var developmentMetrics: [Metric]? { get }
}

extension Judged {
  /// The accuracy where the task is ``Classification``, as it is in every run; otherwise it may be not a number.
  public var accuracy: Double { developmentAccuracy ?? .nan }
  /// All numbers that the task is judged by; the first decides between epochs.
  public var development: [Metric] {
    developmentMetrics ?? (developmentAccuracy.map { [.accuracy($0)] } ?? []) + [.loss(developmentLoss)]
  }
}

/// What a task finds of one network.
struct TaskResult: Judged {
  let developmentAccuracy: Double?
  let developmentLoss: Double
  let developmentMetrics: [Metric]?

  /// - Parameters:
  ///   - task: judges.
  ///   - logits: [rows, classes] of all samples that are held out.
  ///   - labels: of each row.
  init(_ task: any LearningTask, _ logits: Tensor, _ labels: [Int]) {
    let told = task.judge(logits, labels)
    let loss = told.first { $0.name == "loss" } ?? .loss(Evaluation(logits: logits, labels: labels).loss)
    let all = told.contains { $0.name == "loss" } ? told : told + [loss]
    let names = all.map(\.name)
    precondition(Set(names).count == names.count, "LearningTask: two numbers of one name among \(names)")
    developmentAccuracy = all.first { $0.name == "accuracy" }?.value
    developmentLoss = loss.value
    developmentMetrics = names == ["accuracy", "loss"] ? nil : all
  }

  /// In words.
  var text: String {
    development.map { "\($0.name) \(Float($0.value))\($0.unit.map { " \($0)" } ?? "")" }.joined(separator: ", ")
  }
}
