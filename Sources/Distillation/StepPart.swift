import Support

/// What of a step a method looks at.
public enum StepPart: String, CaseIterable, Sendable {
  /// What the step's passes say.
  case logits
  /// What layers give in the step's passes.
  case features
  /// The class of each image.
  case labels
  /// Which images they are.
  case indices
  /// The images, for further passes or in a view of the method's own.
  case images
  /// Derivatives with respect to the pixels.
  case inputGradients = "input gradients"
  /// A batch's statistics in the teacher.
  case statistics

  /// The fact of a catalogue entry that says it, for the default options.
  static func fact(_ parts: StepPart...) -> (key: String, value: String) {
    (key: "reads", value: allCases.filter(parts.contains).map(\.rawValue).joined(separator: ", "))
  }

  /// What the entry of a method or optimiser says, in the order of the cases.
  public static func read(by entry: CatalogEntry) -> [StepPart] {
    let words = entry.facts.first { $0.key == "reads" }?.value.components ?? []
    return words.compactMap(StepPart.init)
  }
}

extension String {
  fileprivate var components: [String] {
    split(separator: ",").map { String($0.drop { $0 == " " }) }
  }
}
