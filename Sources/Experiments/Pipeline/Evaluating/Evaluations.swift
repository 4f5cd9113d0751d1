import Analysis
import Checkpoints
import Foundation
import Models
import NeuralNetworks
import Statistics
import Support
import Tensors
import Training

/// What a finished network does on the test split, and how near it is to its teacher there.
struct TestResult {
  let role: String
  let seed: Int
  /// Its answers.
  let predictions: Predictions
  /// In 15 bins of equal width.
  let calibration: Calibration
  /// The answers held against the teacher's; nil for the teacher.
  let fidelity: Fidelity?

  init(role: String, seed: Int, _ predictions: Predictions, teacher: Predictions?) {
    self.role = role
    self.seed = seed
    self.predictions = predictions
    calibration = Calibration(predictions)
    fidelity = teacher.map { Fidelity(predictions, to: $0) }
  }

  var accuracy: Double { predictions.accuracy }
  /// Mean cross-entropy with the labels, nats.
  var loss: Double { predictions.negativeLogLikelihood }
  /// Share of test images on which student and teacher choose the same class; nil for the teacher.
  var agreement: Double? { fidelity?.agreement }
  /// KL(teacher ‖ student) at temperature 1, mean over test images, nats; nil for the teacher.
  var divergence: Double? { fidelity?.divergence }
}

/// Everything beside the concepts: test results, what layers share with the teacher's, and the log of every training.
struct RunResults {
  let tests: [TestResult]
  let similarities: [LayerSimilarity]
  let histories: [(role: String, seed: Int, history: TrainingHistory)]
  /// What was done to a teacher from a file before it was asked.
  var teacherChanges: [String] = []
  /// Networks that learned beside the students.
  var participants: [ParticipantResult] = []
  /// What every network of the first seed says of the development images that are shown: class by index, by role.
  var shownAnswers: [String: [Int: Int]] = [:]
}

/// Asks all finished networks of a run for their answers: each as far as they are not there yet.
struct Evaluations: RunStage {
  let context: RunContext
  let teachers: Teachers

  /// Test answers of every last epoch, fidelity to the teacher, similarity of layers, and the logs.
  ///
  /// - Parameter studies: whose images are shown.
  /// - Returns: all that reports need beside them.
  /// - Throws: what reading, asking and storing throw.
  func run(_ studies: [LayerStudy]) throws -> RunResults {
    let tests = try context.timed("evaluation") { try testResults() }
    let similarities = try recipe.asksTeacher ? context.timed("layer similarity") { try layerSimilarities() } : []
    let histories = try histories()
    return RunResults(
      tests: tests, similarities: similarities, histories: histories, teacherChanges: try teachers.changes(),
      participants: try participantResults(histories), shownAnswers: try shownAnswers(studies))
  }

  /// What every network of the first seed says of the few images that the report shows: so few that nothing is kept.
  private func shownAnswers(_ studies: [LayerStudy]) throws -> [String: [Int: Int]] {
    guard let study = studies.first(where: { $0.procedure == .fixedDistortion })?.study else { return [:] }
    let data = try data()
    let indices = ReportMaterial.shownImages(study, labels: data.development.labels).map { study.images.indices[$0] }
    guard !indices.isEmpty else { return [:] }
    let shown = data.development.subset(indices)
    func choices(_ network: any Network) -> [Int: Int] {
      let answers = Predictions(
        logits: Logits.of(network, on: shown, data.normalization).floats, labels: shown.labels.map(Int.init),
        classes: data.development.classes.count)
      return Dictionary(uniqueKeysWithValues: zip(indices, answers.choices))
    }
    var found: [String: [Int: Int]] = [:]
    if recipe.asksTeacher { found[RoleName.teacher] = choices(try teachers.trained()) }
    for role in studentRoles where study.roles.contains(role) {
      let file = folders.training(role, seed: firstSeed).checkpoint(epoch: lastEpoch(of: role))
      // A training that was given up has no last checkpoint.
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      found[role] = choices(try RunFolder.network(at: file))
    }
    return found
  }

  /// The log of every training, the teacher's first.
  func histories() throws -> [(role: String, seed: Int, history: TrainingHistory)] {
    var histories: [(role: String, seed: Int, history: TrainingHistory)] = []
    for (role, _) in recipe.sharedTrainings {
      histories.append((role: role, seed: firstSeed, history: try history(role, seed: firstSeed)))
    }
    for role in studentRoles + recipe.assistants.map(\.name) {
      for seed in seeds(of: role) {
        histories.append((role: role, seed: seed, history: try history(role, seed: seed)))
      }
    }
    return histories
  }

  /// What a network answers on the test split; kept beside its checkpoints.
  ///
  /// - Parameters:
  ///   - role: the network's role.
  ///   - seed: its seed.
  ///   - weights: what identifies its weights: `AnswerStore.key` of its checkpoint.
  ///   - name: of the file of answers, one for each checkpoint that is asked.
  ///   - images: `AnswerStore.key` of the test split.
  ///   - network: reads the checkpoint, if the answers are not there.
  /// - Returns: one answer per test image.
  /// - Throws: what reading and storing throw.
  func testAnswers(
    _ role: String, seed: Int, _ weights: String, as name: String, _ images: String,
    _ network: () throws -> any Network
  ) throws -> Predictions {
    let data = try data()
    let shape = Shape([data.test.count, data.test.classes.count])
    let logits = try context.answerStore(folders.training(role, seed: seed).url).logits(
      name, key: "\(weights) \(images)", shape
    ) {
      Logits.of(try network(), on: data.test, data.normalization)
    }
    let answers = Predictions(
      logits: logits.floats, labels: data.test.labels.map(Int.init), classes: data.test.classes.count)
    if let line = overflow(of: role, seed: seed, answers) { progress.milestone(line) }
    return answers
  }

  /// The answers of every finished network, the teacher's first.
  func testResults() throws -> [TestResult] {
    let data = try data()
    let images = AnswerStore.key(of: data.test, data.normalization)
    progress.begin(testingStage)
    var isFresh = false
    defer { if !isFresh { progress.skip() } }
    let teacher =
      try !recipe.asksTeacher
      ? nil
      : testAnswers(
        RoleName.teacher, seed: firstSeed, teachers.key(), as: "test", images
      ) {
        isFresh = true
        return try teachers.trained()
      }
    var tests = teacher.map { [TestResult(role: RoleName.teacher, seed: firstSeed, $0, teacher: nil)] } ?? []
    for role in studentRoles {
      for seed in seeds(of: role) {
        try Interrupt.check()
        let file = folders.training(role, seed: seed).checkpoint(epoch: lastEpoch(of: role))
        let answers = try testAnswers(role, seed: seed, AnswerStore.key(of: file), as: "test", images) {
          isFresh = true
          return try RunFolder.network(at: file)
        }
        tests.append(TestResult(role: role, seed: seed, answers, teacher: teacher))
      }
    }
    return tests
  }

  var testingStage: String { "testing all networks" }
}
