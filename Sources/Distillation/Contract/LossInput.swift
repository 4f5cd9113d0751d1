/// One tensor that a loss reads, or a family of them: its name in files and its axes in PyTorch's order.
public struct LossInput: Sendable {
  /// What a tensor of this name holds.
  public enum Kind: Sendable {
    /// Real numbers. Of rank 4 and not a parameter: feature maps, which the engine keeps channels-last.
    case values
    /// Whole numbers: labels, indices.
    case integers
  }

  /// Name in the file; `*` stands for a number, counted from 0: `student.features.*`.
  public let name: String
  /// Letters of the axes, such as `B C H W`. Equal letters have equal extents throughout a file; a letter with `*`
  /// belongs to the number in the name, as `C*0` does to the number 0; one that is `_` is free, and a number is the extent
  /// itself.
  public let axes: [String]
  /// What the tensor holds.
  public let kind: Kind
  /// Whether the loss can do without it. Of a family: without any.
  public let isOptional: Bool

  /// - Parameters:
  ///   - name: name in the file, `*` for a number.
  ///   - axes: letters of the axes with blanks between them.
  ///   - kind: what the tensor holds.
  ///   - isOptional: whether the loss can do without it.
  public init(_ name: String, _ axes: String, _ kind: Kind = .values, isOptional: Bool = false) {
    self.name = name
    self.axes = axes.split(separator: " ").map(String.init)
    self.kind = kind
    self.isOptional = isOptional
  }

  /// The numbers in a name that fits; nil for one that does not.
  func numbers(in candidate: String) -> [String]? {
    let (own, other) = (name.split(separator: "."), candidate.split(separator: "."))
    guard own.count == other.count else { return nil }
    var numbers: [String] = []
    for (a, b) in zip(own, other) {
      if a == "*", let number = Int(b), number >= 0, String(number) == b {
        numbers.append(String(b))
      } else if a != b {
        return nil
      }
    }
    return numbers
  }

  /// `student.features.* [B, C*, H*, W*]`, for lists.
  public var summary: String {
    "\(name) [\(axes.joined(separator: ", "))]" + (kind == .integers ? " of whole numbers" : "")
      + (isOptional ? ", optional" : "")
  }
}
