import Foundation

/// Whether a name is safe as a folder: letters, digits, `-`, `_`, `.`, not hidden, at most 64 characters.
func isFolderName(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 64 && !name.hasPrefix(".") && !name.hasPrefix("-")
    && name.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
          || "-_.".unicodeScalars.contains(scalar))
    }
}

/// A folder name that reads like a text: `groesse-1` for `Größe 1`.
///
/// - Returns: nil where nothing of the text is left, or it is that name already.
func folderName(like text: String) -> String? {
  let spelt = text.lowercased().map { letterNames[$0] ?? String($0) }.joined()
  var name = ""
  // Taken apart, an accented letter is a letter and its accent.
  for scalar in spelt.decomposedStringWithCanonicalMapping.unicodeScalars
  where scalar.properties.generalCategory != .nonspacingMark {
    if isFolderName("a\(scalar)") { name.unicodeScalars.append(scalar) } else if name.last != "-" { name += "-" }
  }
  name = String(name.drop { "-.".contains($0) }.prefix(64))
  while name.last == "-" || name.last == "." { name.removeLast() }
  return name.isEmpty || name == text ? nil : name
}

/// How letters are written where there are only twenty-six.
private let letterNames: [Character: String] = [
  "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "å": "aa", "ð": "d", "þ": "th", "ł": "l",
  "đ": "d", "ı": "i",
]
