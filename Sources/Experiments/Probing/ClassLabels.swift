import Foundation
import Support

/// Names of classes in a file of their own.
public enum ClassLabels {
  /// Reads names: a text with one on each line, or JSON: a list of names, or a map from number to name as ImageNet's
  /// (`{"0": ["n01440764", "tench"], …}`).
  ///
  /// - Returns: the names in the order of a network's outputs.
  /// - Throws: ``InputError`` if the file holds no such names.
  public static func read(_ path: String) throws -> [String] {
    let bytes = try FileBytes.read(path, atMost: 16 << 20, as: "a list of class names")
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw InputError(path, "is no text in UTF-8", remedy: "one name of a class on each line is expected")
    }
    let start = text.first { !$0.isWhitespace && $0 != "\u{FEFF}" }
    guard start == "[" || start == "{" else { return try lines(text, path) }
    guard let names = names(Data(bytes)) else {
      throw InputError(
        path, "is no JSON list or map of class names",
        remedy: #"["cat", "dog"] or {"0": "cat", "1": "dog"} is expected, or one name on each line"#)
    }
    return names
  }

  private static func lines(_ text: String, _ path: String) throws -> [String] {
    var names = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map { line in
      line.trimmingCharacters(in: .whitespaces.union(["\u{FEFF}"]))
    }
    while names.last?.isEmpty == true { names.removeLast() }
    if let place = names.firstIndex(where: \.isEmpty) {
      throw InputError(
        "\(path):\(place + 1)", "is an empty line", remedy: "one name of a class on each line is expected")
    }
    guard !names.isEmpty else { throw InputError(path, "holds no name", remedy: "one on each line is expected") }
    return names
  }

  private static func names(_ data: Data) -> [String]? {
    guard let value = try? JSONSerialization.jsonObject(with: data) else { return nil }
    if let list = value as? [Any], !list.isEmpty {
      let names = list.compactMap(name)
      return names.count == list.count ? names : nil
    }
    guard let map = value as? [String: Any], !map.isEmpty else { return nil }
    let names = (0..<map.count).compactMap { map[String($0)].flatMap(name) }
    return names.count == map.count ? names : nil
  }

  /// A name, or the last of several, which ImageNet's lists have behind the number of the concept.
  private static func name(_ value: Any) -> String? {
    value as? String ?? (value as? [Any])?.last as? String
  }
}
