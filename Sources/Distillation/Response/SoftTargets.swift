import NeuralNetworks
import Support
import Tensors

/// The distribution that one or several teachers give as a target, as the options of `kd` ask for it.
struct SoftTargets {
  /// What the targets are.
  enum Targets: String, OptionChoice {
    case soft
    case topK = "top-k"
  }
  /// What several teachers are averaged by.
  enum Ensemble: String, OptionChoice { case probabilities, logits }

  static let temperature = OptionKey.number(
    "temperature", 0.05...1000, default: 4, "T, softens both distributions; no unit")
  static let standardisation = OptionKey.flag(
    "logit-standardisation", "whether logits are standardised per image (CVPR 2024); false unless given")
  static let kept = OptionKey.integer("k", 1...1_000_000, "k of targets: top-k; all where there are fewer classes")
  private static let kind = OptionKey.choice(
    "targets", unlessGiven: Targets.soft,
    "all probabilities, or the k largest, normalised again; soft unless given")
  private static let ensemble = OptionKey.choice(
    "ensemble", unlessGiven: Ensemble.probabilities,
    "what several teachers are averaged by; probabilities unless given")
  private static let weights = OptionKey.numbers(
    "ensemble-weights", "a weight for each teacher, the recipe's first; equal ones unless given")

  /// The options that it reads beside ``temperature`` and ``standardisation``. None has a default, so that recipes from
  /// before them keep their hash.
  static let options = [kind.option, kept.option, ensemble.option, weights.option]

  private let temperature: Float
  private let isStandardized: Bool
  private let averagesLogits: Bool
  private let kept: Int?
  /// With the sum 1, one for each teacher.
  private let weights: [Float]

  /// - Parameters:
  ///   - options: of a method that has ``options``, ``temperature`` and ``standardisation``.
  ///   - teachers: how many there are.
  ///   - classes: how many there are.
  ///   - place: for error lines.
  /// - Throws: ``InputError`` for options that do not go together.
  init(_ options: Options, teachers: Int, classes: Int, at place: String) throws {
    temperature = Float(options[Self.temperature])
    isStandardized = options[Self.standardisation]
    averagesLogits = options[Self.ensemble] == .logits
    if isStandardized, classes < 2 {
      throw InputError(place, "there is one class", remedy: "logit-standardisation needs at least 2")
    }
    kept = options[Self.kept].map { min($0, classes) }
    let isTop = options[Self.kind] == .topK
    guard isTop == (kept != nil) else {
      throw InputError(
        place, isTop ? "targets: top-k without k" : "k without targets: top-k",
        remedy: isTop ? "add k, such as k: 5" : "drop k, or add targets: top-k")
    }
    let given = options[Self.weights]
    guard given.isEmpty || given.count == teachers else {
      throw InputError(
        place, "there are \(given.count) ensemble-weights for \(teachers) teachers",
        remedy: "one for each: the recipe's teacher first, then further-teachers")
    }
    let sum = given.reduce(0, +)
    guard given.isEmpty || (given.allSatisfy { $0 >= 0 } && sum > 0 && sum.isFinite) else {
      throw InputError(place, "the ensemble-weights do not share anything out", remedy: "none below 0 and one above it")
    }
    weights = given.isEmpty ? [Float](repeating: 1 / Float(teachers), count: teachers) : given.map { Float($0 / sum) }
  }

  /// Logits as the divergence takes them, before T: standardised if asked.
  private func prepared(_ logits: Tensor) -> Tensor { isStandardized ? logits.standardizedLogits() : logits }

  private func logSoftmax(_ logits: Tensor) -> Tensor { prepared(logits).logSoftmax(temperature: temperature) }

  /// Logarithms of the target's probabilities and of the student's, over the classes that count.
  ///
  /// - Parameters:
  ///   - student: logits, [batch, classes].
  ///   - teachers: logits of each teacher, [batch, classes]; constants.
  /// - Returns: both [batch, classes or k], and the target's likeliest class of each image.
  func logProbabilities(_ student: Tensor, _ teachers: [Tensor]) -> (own: Tensor, target: Tensor, classes: [Int]) {
    let own = logSoftmax(student)
    let target = withoutRecording { mixed(teachers) }
    let classes = target.argmaxOfRows()
    guard let kept else { return (own, target, classes) }
    let (values, places) = withoutRecording { target.top(kept, alongAxis: 1) }
    return (own.gathered(places, alongAxis: 1), withoutRecording { values.logSoftmax() }, classes)
  }

  private func mixed(_ teachers: [Tensor]) -> Tensor {
    precondition(teachers.count == weights.count, "SoftTargets: \(teachers.count) teachers, \(weights.count) weights")
    guard teachers.count > 1 else { return logSoftmax(teachers[0]) }
    // A weight of 0 takes no part: 0 · ∞ would, and it has no logarithm.
    let parts = zip(teachers, weights).filter { $0.1 > 0 }
    if averagesLogits { return parts.map { prepared($0) * $1 }.summed.logSoftmax(temperature: temperature) }
    // log Σ α p from logarithms: exact where all probabilities underflow.
    return stacked(parts.map { logSoftmax($0) + Tensor($1).log() }).logSumExp(alongAxis: 0)
  }
}
