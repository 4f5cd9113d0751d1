import Support

extension Normalization {
  /// How a normalisation is written: by a name, or mean and deviation of each colour.
  public static let spelling = "imagenet, cifar10, cifar100, half, none, or means and deviations m,m,m/s,s,s"

  private static let named: [String: (mean: [Float], std: [Float])] = [
    "imagenet": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    "cifar10": ([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
    "cifar100": ([0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]),
  ]

  /// Reads a normalisation of pixels in [0, 1].
  ///
  /// - Parameters:
  ///   - text: as ``spelling`` says; one number stands for all colours.
  ///   - channels: colours of the images.
  ///   - place: where the text stands, for the error line.
  /// - Throws: ``InputError`` for an unknown name, numbers that are none, or as many as there are no colours.
  public init(_ text: String, channels: Int, at place: String) throws {
    switch text {
    case "none": self.init(mean: Array(repeating: 0, count: channels), std: Array(repeating: 1, count: channels))
    case "half": self.init(mean: Array(repeating: 0.5, count: channels), std: Array(repeating: 0.5, count: channels))
    default:
      let values = try Self.named[text] ?? Self.numbers(text, at: place)
      func spread(_ list: [Float]) -> [Float] { list.count == 1 ? Array(repeating: list[0], count: channels) : list }
      let (mean, std) = (spread(values.mean), spread(values.std))
      guard mean.count == channels, std.count == channels else {
        throw InputError(
          place, "'\(text)' is for \(max(mean.count, std.count)) colours", remedy: "the images have \(channels)")
      }
      self.init(mean: mean, std: std)
    }
  }

  /// Refuses what no images could have, before there are any.
  ///
  /// - Throws: ``InputError``.
  public static func check(_ text: String, at place: String) throws {
    guard !["none", "half"].contains(text), named[text] == nil else { return }
    _ = try numbers(text, at: place)
  }

  /// Means and deviations as ``spelling`` has them, rounded to four places.
  package var text: String {
    func list(_ values: [Float]) -> String {
      values.map { "\((Double($0) * 1e4).rounded() / 1e4)" }.joined(separator: ",")
    }
    return "\(list(mean))/\(list(std))"
  }

  private static func numbers(_ text: String, at place: String) throws -> (mean: [Float], std: [Float]) {
    let sides = text.split(separator: "/", omittingEmptySubsequences: false).map { side in
      side.split(separator: ",", omittingEmptySubsequences: false).map { Float($0.filter { $0 != " " }) ?? .nan }
    }
    let shown = VisibleText.name(text, atMost: 80)
    let spelled = text.lowercased().filter { $0.isLetter || $0.isNumber }
    if let name = (named.keys + ["none", "half"]).first(where: { $0 == spelled }) {
      throw InputError(place, "there is no normalisation '\(shown)'", remedy: "did you mean \(name)?")
    }
    guard sides.count == 2, sides[0].count == sides[1].count || sides.contains(where: { $0.count == 1 }),
      sides.joined().allSatisfy(\.isFinite), sides[1].allSatisfy({ $0 > 0 })
    else {
      throw InputError(place, "'\(shown)' is not a normalisation", remedy: "\(spelling) is expected")
    }
    guard sides[0].allSatisfy({ $0 <= 1 }) else {
      throw InputError(
        place, "'\(shown)' has means above 1",
        remedy: "pixels lie between 0 and 1 here: divide all numbers by 255")
    }
    return (sides[0], sides[1])
  }
}
