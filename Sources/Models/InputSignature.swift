/// What one sample is that a network takes.
public enum InputSignature: Hashable, Sendable, Codable {
  /// [height, width, channels], normalised.
  case image(height: Int, width: Int, channels: Int)
  /// [length]: whole numbers below the size of the vocabulary.
  case tokens(length: Int, vocabulary: Int)
  /// [length].
  case vector(length: Int)
}

extension InputSignature: CustomStringConvertible {
  /// `images of 32x32x3`, `32 tokens of 1000`, `vectors of 128`.
  public var description: String {
    switch self {
    case .image(let height, let width, let channels): "images of \(height)x\(width)x\(channels)"
    case .tokens(let length, let vocabulary): "\(length) tokens of \(vocabulary)"
    case .vector(let length): "vectors of \(length)"
    }
  }
}

extension ModelSpecification {
  /// What the networks of the catalogue take.
  public var image: InputSignature { .image(height: height, width: width, channels: channels) }
}
