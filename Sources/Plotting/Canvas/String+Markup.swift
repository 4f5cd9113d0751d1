extension String {
  /// The text inside an element or an attribute of XML or HTML; ends of lines and tabs stay, what such files have no
  /// place for becomes a space.
  package var escapedMarkup: String {
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      default:
        let isKnown = scalar.value >= 32 && scalar.value != 127 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        escaped.unicodeScalars.append(isKnown ? scalar : " ")
      }
    }
    return escaped
  }
}
