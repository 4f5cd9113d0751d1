import Analysis
import Checkpoints
import Datasets
import Distillation
import Foundation
import Models
import Statistics
import Support
import Training

/// What a lesson's page is made from: the stored run, with every network's answers and those of whoever taught it.
package struct LessonMaterial {
  let level: LessonLevel
  let recipe: Recipe
  let folders: ExperimentFolders
  let data: DataSplits
  let studies: [LayerStudy]
  /// H1 to H3 of every student against the baseline, gated and corrected as in every report.
  let hypotheses: HypothesisMaterial
  let histories: [(role: String, seed: Int, history: TrainingHistory)]
  private let evaluations: Evaluations
  private let moments: [LessonMoment]
  /// Names of teachers at moments before the end of their training, at which students learn from them.
  let earlyTeachers: [String]
  private let answers: [String: [Int: Predictions]]
  private let teachers: [String: [Int: Predictions]]
  private let evidence: [String: [Int: NetworkEvidence]]
  /// The same of the maps as they are measured.
  private let rawEvidence: [String: [Int: NetworkEvidence]]

  /// Asks every network of a finished run, as far as its answers are not stored yet.
  ///
  /// - Throws: what reading checkpoints and storing answers throw.
  init(_ experiment: Experiment, _ studies: [LayerStudy], at level: LessonLevel, moments: [LessonMoment] = []) throws {
    self.level = level
    self.studies = studies
    let early = experiment.recipe.taught.compactMap { learner in
      learner.lesson.flatMap { lesson in
        lesson.epoch?.wholeEpoch.map { LessonMoment(lesson.by ?? RoleName.teacher, at: $0) }
      }
    }
    earlyTeachers = early.map(\.name)
    let moments = moments + early.filter { one in !moments.contains { $0.name == one.name } }
    self.moments = moments
    (recipe, folders, evaluations) = (experiment.recipe, experiment.folders, experiment.evaluations)
    data = try experiment.data()
    let tests = try evaluations.testResults()
    histories = try evaluations.histories()
    var answers: [String: [Int: Predictions]] = [:]
    for test in tests { answers[test.role, default: [:]][test.seed] = test.predictions }
    for other in try evaluations.participantResults(histories) {
      let name = other.student.map { "\($0)/\(other.role)" } ?? other.role
      answers[name, default: [:]][other.seed] = other.predictions
    }
    for moment in moments {
      for seed in recipe.seeds {
        answers[moment.name, default: [:]][seed] = try evaluations.answers(
          of: moment.role, seed: seed, at: Moment(epoch: moment.epoch))
      }
    }
    self.answers = answers
    hypotheses = HypothesisMaterial(recipe, studies, tests)
    var teachers: [String: [Int: Predictions]] = [:]
    for learner in recipe.taught where learner.asksAnybody {
      for seed in recipe.seeds {
        teachers[learner.name, default: [:]][seed] = try Self.teacher(of: learner, seed: seed, evaluations, answers)
      }
    }
    for moment in moments { teachers[moment.name] = teachers[moment.role] }
    self.teachers = teachers
    func found(_ study: ConceptStudy?) -> [String: [Int: NetworkEvidence]] {
      (study?.evidence ?? []).reduce(into: [:]) { $0[$1.role, default: [:]][$1.seed] = $1 }
    }
    let decides = studies.first { $0.procedure == .fixedDistortion }
    (evidence, rawEvidence) = (found(decides?.adjusted), found(decides?.study))
  }

  private static func teacher(
    of learner: StudentRecipe, seed: Int, _ evaluations: Evaluations, _ answers: [String: [Int: Predictions]]
  ) throws -> Predictions? {
    let name = learner.lesson?.by ?? RoleName.teacher
    if let epoch = learner.lesson?.epoch { return try evaluations.answers(of: name, seed: seed, at: epoch) }
    return answers[name].flatMap { $0[seed] ?? $0[evaluations.firstSeed] }
  }

  /// The training seeds.
  var seeds: [Int] { recipe.seeds }

  /// What a network answers on the test split, by its arm or by the name of a ``LessonMoment``; of a teacher that is trained
  /// once, whatever the seed.
  func answers(_ role: String, seed: Int) -> Predictions? {
    answers[role].flatMap { $0[seed] ?? (recipe.teacher(named: role) == nil ? nil : $0.values.first) }
  }

  /// What whoever taught a network answers there.
  func teacherAnswers(_ role: String, seed: Int) -> Predictions? { teachers[role]?[seed] }

  /// One number of one network; nil where it has none.
  func value(_ quantity: LessonQuantity, _ role: String, seed: Int) -> Double? {
    guard let own = answers(role, seed: seed) else { return nil }
    let fidelity = { self.teacherAnswers(role, seed: seed).map { Fidelity(own, to: $0) } }
    let evidence = evidence[role]?[seed]
    return switch quantity {
    case .accuracy: own.accuracy
    case .agreement: fidelity()?.agreement
    case .divergence: fidelity()?.divergence
    case .calibrationError: Calibration(own).expectedError
    case .confidence: mean(of: own.confidences)
    case .loss: own.negativeLogLikelihood
    case .recall: omittedClass.map { own.recall(of: $0) }
    case .shiftedRecall: omittedClass.map { own.recall(of: $0, shifted: own.balancingShift(of: $0)) }
    case .gap: evidence?.lastGap
    case .halfTime: evidence?.halfTime
    case .steadiness:
      evidence.flatMap { found in found.meanStability.flatMap { ρ in found.meanFloor.map { ρ - $0 } } }
    }
  }

  /// The arm of which a name of a claim or a table speaks: itself, at a moment, or the network beside it.
  func arm(_ role: String) -> String {
    moments.first { $0.name == role }?.role ?? String(role.prefix { $0 != "/" })
  }

  /// The class that an arm is not shown; nil where all are shown all.
  var omittedClass: Int? {
    guard let name = recipe.taught.lazy.flatMap(\.omitted).first else { return nil }
    return data.train.place(ofClass: name)
  }

  /// One number for each seed that has one.
  func values(_ quantity: LessonQuantity, _ role: String) -> [Int: Double] {
    let asked = recipe.teacher(named: role) == nil ? seeds : [seeds[0]]
    return asked.reduce(into: [:]) { $0[$1] = value(quantity, role, seed: $1) }
  }

  /// The gap over a training, as a share of the baseline's steps: mean over seeds.
  ///
  /// - Parameters:
  ///   - role: whose.
  ///   - isRaw: whether of the maps as they are measured, position and all.
  /// - Returns: checkpoint by checkpoint.
  func gapCurve(_ role: String, isRaw: Bool = false) -> [(x: Double, y: Estimate?)] {
    let evidence = isRaw ? rawEvidence : evidence
    let own = seeds.compactMap { evidence[role]?[$0] }
    return (own.first?.times ?? []).enumerated().map { place, time in
      let means = own.compactMap { evidence in
        evidence.gaps.indices.contains(place) ? mean(of: evidence.gaps[place].compactMap(\.self)) : nil
      }
      return (x: time, y: studentInterval(of: means, over: "seeds"))
    }
  }

  /// Mean over seeds with Student's t interval; nil where no seed has a value.
  func estimate(_ quantity: LessonQuantity, _ role: String) -> Estimate? {
    let values = values(quantity, role)
    return studentInterval(of: seeds.compactMap { values[$0] }, over: "seeds", within: quantity.range)
  }

  /// Differences of two arms, paired by seed.
  func differences(_ quantity: LessonQuantity, _ role: String, _ reference: String) -> [Double] {
    seeds.compactMap { seed in
      value(quantity, role, seed: seed).flatMap { own in value(quantity, reference, seed: seed).map { own - $0 } }
    }
  }

  /// Judges what was claimed, all of it together.
  func findings(_ claims: [LessonClaim]) -> [LessonFinding] {
    let judged = PairedClaim.judged(
      claims.map { claim in
        PairedClaim(
          claim.name, differences: differences(claim.quantity, claim.role, claim.reference), side: claim.side,
          gates: [claim.role, claim.reference].map(skillGate))
      })
    return zip(claims, judged).map { LessonFinding(claim: $0, judgement: $1) }
  }

  /// Closed where a network is not better than the most frequent class.
  private func skillGate(_ role: String) -> Gate {
    let weak = seeds.first { seed in
      answers(role, seed: seed).flatMap { TestResult(role: role, seed: seed, $0, teacher: nil).skill }?.isAboveChance
        == false
    }
    return Gate(
      "\(role) is better than chance", holds: weak == nil,
      otherwise: "\(role) of seed \(weak ?? 0) is not better than chance")
  }

  /// Values that a network's training adapts.
  ///
  /// - Throws: ``InputError`` where the network cannot be built for these images.
  func parameters(_ role: String) throws -> Int {
    try ModelCatalog.build(evaluations.specification(recipe.model(of: role)), seed: 0).layers
      .reduce(0) { $0 + $1.parameters }
  }

  /// What makes a probe ask about the run's own pictures.
  var dataArguments: String {
    let options = (try? DatasetCatalog.entry(recipe.data.set).options) ?? []
    let changes = options.compactMap { option -> String? in
      guard let value = recipe.data.options.values[option.name], value != option.defaultValue else { return nil }
      return "--set data.\(option.name)=\(value.description)"
    }
    return (["--data \(recipe.data.set)"] + changes + ["--seed \(seeds[0])"]).joined(separator: " ")
  }

  /// Whoever teaches, then baseline and students: every network that has answers.
  var roles: [String] {
    let shared = ([RoleName.teacher] + recipe.teachers.map(\.name)).filter { answers[$0] != nil }
    return shared + recipe.assistants.map(\.name) + [RoleName.baseline] + recipe.students.map(\.name)
  }
}

extension StudentRecipe {
  /// Whether one of its methods asks a teacher's answers.
  var asksAnybody: Bool { terms.contains { MethodRegistry.teacherNeed($0.method) == .answers } }
}

extension Evaluations {
  /// What a network answers on the test split with the weights of a moment of its training.
  fileprivate func answers(of role: String, seed: Int, at moment: Moment) throws -> Predictions {
    let own = recipe.teacher(named: role) == nil ? seed : firstSeed
    let file = folders.training(role, seed: own).checkpoint(at: moment)
    return try testAnswers(
      role, seed: own, AnswerStore.key(of: file), as: "test-\(file.deletingPathExtension().lastPathComponent)",
      AnswerStore.key(of: data().test, data().normalization)
    ) { try RunFolder.network(at: file) }
  }
}
