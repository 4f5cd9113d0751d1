import Checkpoints
import Foundation
import Tensors
import Testing

/// One case of a golden file: an operation, its options, and tensors under their own names.
public struct GoldenCase: Sendable, CustomTestStringConvertible {
  /// Name within the file.
  public let name: String
  /// What is done, such as `max-pooling`.
  public let operation: String
  private let options: [String: GoldenOption]
  private let file: Safetensors

  /// The name, where a test says which case failed.
  public var testDescription: String { name }

  /// A tensor of the case, such as `output` or `gradient.0`.
  ///
  /// - Throws: what ends the test, if the case has none of this name.
  public func stored(_ part: String) throws -> StoredTensor {
    try #require(file["\(name)/\(part)"], "\(name) has no \(part)")
  }

  /// Whether the case has a tensor of this name.
  public func has(_ part: String) -> Bool { file["\(name)/\(part)"] != nil }

  /// Names of the case's tensors that begin with a prefix, without it.
  public func parts(after prefix: String) -> [String] {
    file.tensors.map(\.name).filter { $0.hasPrefix("\(name)/\(prefix)") }.map {
      String($0.dropFirst(name.count + 1 + prefix.count))
    }
  }

  /// A whole number among the options.
  public func integer(_ key: String) throws -> Int { Int(try number(key)) }

  /// A number among the options.
  public func number(_ key: String) throws -> Double {
    guard case .number(let value)? = options[key] else { throw Missing(name: "\(name): number \(key)") }
    return value
  }

  /// A yes or no among the options.
  public func flag(_ key: String) throws -> Bool {
    guard case .flag(let value)? = options[key] else { throw Missing(name: "\(name): flag \(key)") }
    return value
  }

  /// A text among the options.
  public func text(_ key: String) throws -> String {
    guard case .text(let value)? = options[key] else { throw Missing(name: "\(name): text \(key)") }
    return value
  }

  /// A list of whole numbers among the options.
  public func integers(_ key: String) throws -> [Int] {
    guard case .numbers(let values)? = options[key] else { throw Missing(name: "\(name): numbers \(key)") }
    return values.map { Int($0) }
  }

  /// A list of numbers among the options.
  public func numbers(_ key: String) throws -> [Double] {
    guard case .numbers(let values)? = options[key] else { throw Missing(name: "\(name): numbers \(key)") }
    return values
  }

  /// A list of texts among the options.
  public func texts(_ key: String) throws -> [String] {
    // An empty list in JSON does not say of what.
    if case .numbers(let values)? = options[key], values.isEmpty { return [] }
    guard case .texts(let values)? = options[key] else { throw Missing(name: "\(name): texts \(key)") }
    return values
  }

  /// A list of records among the options.
  public func records(_ key: String) throws -> [[String: GoldenOption]] {
    guard case .records(let values)? = options[key] else { throw Missing(name: "\(name): records \(key)") }
    return values
  }

  /// Whether there is an option of this name.
  public func hasOption(_ key: String) -> Bool { options[key] != nil }

  /// An option is absent or of another kind.
  struct Missing: Error {
    let name: String
  }

  struct Entry: Decodable {
    let op: String
    let options: [String: GoldenOption]
  }

  init(_ name: String, _ entry: Entry, in file: Safetensors) {
    self.name = name
    operation = entry.op
    options = entry.options
    self.file = file
  }
}

/// A value among the options of a golden case.
public enum GoldenOption: Decodable, Sendable {
  case flag(Bool)
  case number(Double)
  case text(String)
  case numbers([Double])
  case texts([String])
  case records([[String: GoldenOption]])

  /// By the JSON value's own kind.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let numbers = try? value.decode([Double].self) {
      self = .numbers(numbers)
    } else if let texts = try? value.decode([String].self) {
      self = .texts(texts)
    } else {
      self = .records(try value.decode([[String: GoldenOption]].self))
    }
  }

  /// The number, if it is one.
  public var number: Double? { if case .number(let value) = self { value } else { nil } }

  /// The whole numbers, if it is a list of them.
  public var integers: [Int]? { if case .numbers(let values) = self { values.map { Int($0) } } else { nil } }
}

extension Golden {
  /// All cases of a file, by name: the arguments of one test, so that none can be forgotten.
  public static func cases(_ name: String) throws -> [GoldenCase] {
    let file = try load(name)
    let text = try #require(file.metadata["cases"])
    let entries = try JSONDecoder().decode([String: GoldenCase.Entry].self, from: Data(text.utf8))
    return entries.map { GoldenCase($0.key, $0.value, in: file) }.sorted { $0.name < $1.name }
  }
}
