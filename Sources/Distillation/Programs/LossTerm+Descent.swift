import NeuralNetworks
import Tensors

extension [LossTerm] {
  /// One update down the gradient of the weighted sum.
  ///
  /// - Parameters:
  ///   - batch: what the terms are of, for the error.
  ///   - optimizer: its parameters are changed.
  ///   - learningRate: of this step.
  ///   - clipNorm: limit on the global norm of the gradients; nil for none.
  ///   - named: the parameters under the names that an error shows.
  /// - Returns: the value of each term before its weight.
  /// - Throws: ``NonFiniteTerm`` as soon as a term or its gradient is not a number; nothing is updated then.
  func descend(
    _ batch: Batch, _ optimizer: any Optimizer, learningRate: Float, clipNorm: Float?,
    _ named: () -> [(name: String, parameter: Parameter)]
  ) throws -> [Float] {
    let values = map(\.value.item)
    let broken = zip(self, values).filter { !$1.isFinite }.map(\.0)
    if !broken.isEmpty {
      // What weighs nothing did not break the others.
      let guilty = broken.contains { $0.weight != 0 } ? broken.filter { $0.weight != 0 } : broken
      throw NonFiniteTerm(term: guilty.map(\.name).joined(separator: " + "), batch: batch)
    }
    let active = filter { $0.weight != 0 }
    // A step in which no term with a weight takes part changes nothing.
    guard !active.isEmpty else { return values }
    if let optimizer = optimizer as? DOT, active.contains(where: \.isTask) {
      try active.descendApart(batch, optimizer, learningRate: learningRate, clipNorm: clipNorm, named)
      return values
    }
    var slopes = slopes(optimizer.parameters.map(\.tensor))
    try active.requireFinite(slopes, batch, optimizer, named)
    if let clipNorm { slopes = clipped(slopes, toGlobalNorm: clipNorm) }
    optimizer.step(slopes, learningRate: learningRate)
    return values
  }

  /// One update by the gradient of the labels and that of all other terms, over one tape.
  private func descendApart(
    _ batch: Batch, _ optimizer: DOT, learningRate: Float, clipNorm: Float?,
    _ named: () -> [(name: String, parameter: Parameter)]
  ) throws {
    let sources = optimizer.parameters.map(\.tensor)
    let parts = [filter(\.isTask), filter { !$0.isTask }]
    let totals = parts.map(\.total)
    let isReached = totals.map { dependencies(of: $0, on: sources) }
    var slopes = totals.enumerated().map { place, total in
      gradients(of: total, with: sources, keepsTape: place + 1 < totals.count)
    }
    for (part, slopes) in zip(parts, slopes) { try part.requireFinite(slopes, batch, optimizer, named) }
    if let clipNorm {
      // Both by what brings their sum to the limit: its direction stays.
      let norm = globalNorm(zip(slopes[0], slopes[1]).map { $0 + $1 })
      if norm > clipNorm { slopes = slopes.map { $0.map { $0 * (clipNorm / (norm + 1e-6)) } } }
    }
    let reached = zip(slopes, isReached).map { slopes, isReached in
      zip(slopes, isReached).map { slope, isReached in isReached ? slope : nil }
    }
    optimizer.step(task: reached[0], distillation: reached[1], learningRate: learningRate)
  }

  /// A ReLU turns NaN into 0, so that a loss can be finite behind a broken layer; its gradient is not.
  private func requireFinite(
    _ slopes: [Tensor], _ batch: Batch, _ optimizer: any Optimizer,
    _ named: () -> [(name: String, parameter: Parameter)]
  ) throws {
    guard let index = slopes.lastIndex(where: { !$0.isFinite }) else { return }
    let broken = optimizer.parameters[index]
    throw NonFiniteTerm(
      term: map(\.name).joined(separator: " + "), batch: batch,
      gradientOf: named().first { $0.parameter === broken }?.name ?? "a weight")
  }
}

extension LossTerm {
  /// What the term of the labels is called.
  static let taskName = "labels"
  /// Whether it is the task's own term rather than a distillation term.
  fileprivate var isTask: Bool { name == LossTerm.taskName }
}

extension [JointProgram.Term] {
  /// Features that the student must keep.
  var studentFeatures: Set<FeaturePoint> { reduce(into: []) { $0.formUnion($1.method.studentFeatures) } }
  /// Features that the teacher must keep.
  var teacherFeatures: Set<FeaturePoint> { reduce(into: []) { $0.formUnion($1.method.teacherFeatures) } }
  /// Fewest images of which all of them learn.
  var fewestImages: Int { map(\.method.fewestImages).max() ?? 1 }
  /// Trainable parts of all methods.
  var parameters: [Parameter] { flatMap { $0.method.parameters.map(\.parameter) } }

  /// Trainable parts of all methods under names that tell the terms apart.
  var namedParameters: [(name: String, parameter: Parameter)] {
    flatMap { term in term.method.parameters.map { (name: "\(term.name).\($0.name)", parameter: $0.parameter) } }
  }

  /// What a resumed run needs of the methods.
  var state: [(name: String, tensor: Tensor)] {
    flatMap { term in
      term.method.parameters.map { (name: "\(term.name).\($0.name)", tensor: $0.parameter.tensor) }
        + term.method.state.map { (name: "\(term.name).\($0.name)", tensor: $0.tensor) }
    }
  }

  /// How images are shown; methods that do not go together were refused before.
  var view: BatchView { map(\.method.view).first { $0 != .ordinary } ?? .ordinary }

  /// In which order images are drawn; methods that do not go together were refused before.
  var batchOrder: BatchOrder { map(\.method.batchOrder).first { $0 != .shuffled } ?? .shuffled }

  /// The losses of one step.
  func losses(_ steps: [KnowledgeStep]) -> [LossTerm] {
    zip(self, steps).map { term, step in
      LossTerm(
        term.name, term.method.loss(step), weight: term.weight, labelLengths: term.method.gradientLimit(at: step.clock))
    }
  }

  /// What the methods' own parts learn beside the student.
  func companions(_ steps: [KnowledgeStep]) -> [LossTerm] {
    zip(self, steps).compactMap { term, step in
      term.method.companion.map { LossTerm("\(term.name) \($0.name)", $0.loss(step), weight: 1) }
    }
  }
}
