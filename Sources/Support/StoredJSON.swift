import Foundation

extension JSONEncoder {
  /// An encoder of what the program stores for itself: sorted keys, and a number that is none (an infinite loss, an
  /// undefined similarity) as a word, which JSON has no number for.
  public static var ofStoredValues: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension JSONDecoder {
  /// Reads what ``Foundation/JSONEncoder/ofStoredValues`` wrote.
  public static var ofStoredValues: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
