import KDScope

/// A method of one's own: Huber's distance of the logits, by an operation with a gradient of its own.
final class OwnMethod: DistillationMethod {
  static let entry = CatalogEntry("huber", "Huber's distance of the logits", options: [delta.option])
  private static let delta = OptionKey.number("delta", 0.01...100, default: 1, "where squares end")

  private let delta: Float

  init(_ options: Options, _ setup: MethodSetup) throws { delta = Float(options[Self.delta]) }

  func loss(_ step: KnowledgeStep) -> Tensor {
    let difference = step.studentLogits - step.teacherLogits
    return operation("huber", of: [difference]) { [delta] operands in
      let values = operands[0].floats.map { x in
        abs(x) < delta ? x * x / 2 : delta * (abs(x) - delta / 2)
      }
      return Tensor(values, shape: operands[0].shape)
    } gradient: { [delta] upstream, operands, _ in
      let slopes = operands[0].floats.map { min(delta, max(-delta, $0)) }
      return [upstream * Tensor(slopes, shape: operands[0].shape)]
    }.mean()
  }
}
