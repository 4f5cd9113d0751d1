import Models

/// What a command line says of the checkpoints that it asks, beside their names: stated once for all that are read
/// while the command works, however deep.
public struct CheckpointChoices: Sendable {
  /// How pixels in [0, 1] are normalised, by the number of colours.
  public typealias Normalizing = @Sendable (_ channels: Int) throws -> (mean: [Float], deviation: [Float])

  /// Where in files of PyTorch the weights stand; nil to look for them.
  public var key: String?
  /// How the pixels of the networks' training were normalised; nil for what their files say.
  public var normalization: Normalizing?

  /// - Parameters: as the properties.
  public init(key: String? = nil, normalization: Normalizing? = nil) {
    self.key = key
    self.normalization = normalization
  }

  /// Those of the command that works now.
  @TaskLocal public static var current = CheckpointChoices()

  /// The facts of a network as they are with these choices; nil where neither file nor choices say any.
  func facts(_ stored: CheckpointFacts?, of network: any Network) throws -> CheckpointFacts? {
    guard let normalization else { return stored }
    let specification = network.specification
    let (mean, deviation) = try normalization(specification.channels)
    var facts =
      stored
      ?? CheckpointFacts(
        model: specification, role: "", epoch: 0, data: "", mean: [], deviation: [], classes: [], recipeHash: "")
    (facts.mean, facts.deviation) = (mean, deviation)
    return facts
  }
}
