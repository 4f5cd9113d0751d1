import Support
import Training

/// The networks that a run goes on without: those whose training diverged, and those that learn from them.
struct LeftOut {
  /// One network of a run.
  struct Network: Hashable {
    let role: String
    let seed: Int
  }

  private let recipe: Recipe
  private let isComparison: Bool
  private var failures: [Network: TrainingFailure] = [:]

  /// - Parameters:
  ///   - recipe: with all networks.
  ///   - isComparison: whether methods are compared.
  ///   - failure: what is known of a network's training; nil for nothing.
  init(_ recipe: Recipe, isComparison: Bool, _ failure: (String, Int) -> TrainingFailure? = { _, _ in nil }) {
    self.recipe = recipe
    self.isComparison = isComparison
    for network in recipe.trainedNetworks { failures[network] = failure(network.role, network.seed) }
  }

  /// Whether nothing is left out.
  var isEmpty: Bool { failures.isEmpty }

  /// Adds a network whose training diverged.
  mutating func add(_ role: String, seed: Int, _ failure: TrainingFailure) { failures[network(role, seed)] = failure }

  /// Whether a run goes on without a network.
  func contains(_ role: String, seed: Int) -> Bool { !isEmpty && cause(of: role, seed: seed) != nil }

  /// The network whose divergence leaves a network out: itself, or one that it learns from, at whatever moment.
  func cause(of role: String, seed: Int) -> Network? {
    let own = network(role, seed)
    if failures[own] != nil { return own }
    for teacher in recipe.teachers(of: role) {
      if let cause = cause(of: teacher, seed: seed) { return cause }
    }
    guard isComparison, recipe.teacher(named: role) == nil else { return nil }
    return unpaired(seed)
      ?? recipe.seeds.lazy.filter { unpaired($0) == nil }.map { Network(role: role, seed: $0) }
      .first { failures[$0] != nil }
  }

  /// The seeds of a network that are there.
  func seeds(of role: String) -> [Int] { recipe.seeds.filter { !contains(role, seed: $0) } }

  /// Of a comparison: the network that leaves a seed without one that all are held against. A ranking holds methods
  /// against each other over the same seeds, so that such a seed is left out of all, and a method that diverged in
  /// another seed altogether.
  private func unpaired(_ seed: Int) -> Network? {
    [RoleName.baseline, Recipe.plainMethod].lazy.map { Network(role: $0, seed: seed) }.first { failures[$0] != nil }
  }

  /// Teachers are trained once, for all seeds.
  private func network(_ role: String, _ seed: Int) -> Network {
    Network(role: role, seed: recipe.teacher(named: role) == nil ? seed : recipe.seeds.first ?? 1)
  }

  /// The recipe of the networks that are there: without those of which no seed is left. Its name and seeds stay.
  var rest: Recipe {
    var rest = recipe
    rest.students.removeAll { seeds(of: $0.name).isEmpty }
    rest.assistants.removeAll { seeds(of: $0.name).isEmpty }
    rest.teachers.removeAll { contains($0.name, seed: recipe.seeds.first ?? 1) }
    return rest
  }

  /// Whether there is something to report: a baseline, and a student to be held against it; of a comparison the plain
  /// method.
  var leavesSomething: Bool {
    let students = rest.students.map(\.name)
    let hasPlain = !isComparison || students.contains(Recipe.plainMethod)
    return !students.isEmpty && !seeds(of: RoleName.baseline).isEmpty && hasPlain
  }

  /// The trainings that diverged, in the order in which they are done.
  var trainings: [LeftOutTraining] {
    recipe.trainedNetworks.compactMap { network in
      guard let failure = failures[network] else { return nil }
      let isShared = recipe.teacher(named: network.role) != nil
      let others = recipe.trainedNetworks.filter {
        $0 != network && cause(of: $0.role, seed: $0.seed) == network
      }
      let names = others.filter { $0.role != network.role }.map(\.role)
      return LeftOutTraining(
        role: network.role, seed: isShared ? nil : network.seed, problem: failure.problem,
        others: names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
        isLeftOutWhole: others.contains { $0.role == network.role })
    }
  }
}

/// A training that diverged, and what a run goes on without for it.
public struct LeftOutTraining: Sendable, Equatable {
  /// Name of the network.
  public let role: String
  /// Its seed; nil for a teacher, which all seeds share.
  public let seed: Int?
  /// What is not a number, and when.
  public let problem: String
  /// Names of the networks that are left out with it.
  public let others: [String]
  /// Whether its other seeds are left out too: a ranking has the same seeds of every method.
  public let isLeftOutWhole: Bool

  /// "seed 2: kd diverged: loss term 'kd' is not a number at step 5 (epoch 1): left out, and with it again".
  public var line: String {
    let with = (isLeftOutWhole ? ["its other seeds"] : []) + others
    return (seed.map { "seed \($0): " } ?? "") + "\(role) diverged: \(problem): left out"
      + (with.isEmpty ? "" : ", and with it \(with.joined(separator: ", "))")
  }
}

extension Recipe {
  /// Every network that is trained: teachers once, all others for every seed, whoever teaches before whom he teaches.
  var trainedNetworks: [LeftOut.Network] {
    sharedTrainings.map { LeftOut.Network(role: $0.role, seed: seeds.first ?? 1) }
      + seeds.flatMap { seed in trainingOrder.map { LeftOut.Network(role: $0, seed: seed) } }
  }

  /// Names of the networks of the run whose answers a network learns from.
  func teachers(of role: String) -> [String] {
    guard let learner = taught(role) else { return [] }
    let asked = asksRecipesTeacher(learner) ? [RoleName.teacher] : []
    return asked + learner.teacherNames.filter { taught($0) != nil || teacher(named: $0) != nil }
  }
}
