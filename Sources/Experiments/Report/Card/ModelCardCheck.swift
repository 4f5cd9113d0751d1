import Foundation
import Yams

/// Whether a model card is one that Hugging Face takes; it reads the finished text, not what it was made from.
public enum ModelCardCheck {
  /// What is wrong with the front matter of a card, in words; empty for nothing.
  public static func problems(in text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
      return ["there is no front matter between two lines ---"]
    }
    guard let facts = (try? Yams.load(yaml: lines[1..<end].joined(separator: "\n"))) as? [String: Any] else {
      return ["the front matter is no mapping in YAML"]
    }
    var problems: [String] = []
    if word(facts["license"]) == nil { problems.append("license is missing") }
    for key in ["tags", "metrics", "datasets"] {
      guard let value = facts[key] else { continue }
      if (value as? [Any])?.allSatisfy({ word($0) != nil }) != true { problems.append("\(key) is no list of words") }
    }
    for key in ["library_name", "pipeline_tag"] where facts[key] != nil && word(facts[key]) == nil {
      problems.append("\(key) is no word")
    }
    // A card without numbers is a card too.
    guard let index = facts["model-index"] else { return problems }
    guard let models = index as? [[String: Any]], !models.isEmpty else {
      return problems + ["model-index is no list of models"]
    }
    for (place, model) in models.enumerated() { problems += check(model, at: "model-index[\(place)]") }
    return problems
  }

  private static func check(_ model: [String: Any], at place: String) -> [String] {
    var problems = word(model["name"]) == nil ? ["\(place).name is missing"] : []
    guard let results = model["results"] as? [[String: Any]], !results.isEmpty else {
      return problems + ["\(place).results is no list of results"]
    }
    for (number, result) in results.enumerated() {
      let place = "\(place).results[\(number)]"
      let (task, data) = (result["task"] as? [String: Any], result["dataset"] as? [String: Any])
      if word(task?["type"]) == nil { problems.append("\(place).task.type is missing") }
      if word(data?["type"]) == nil { problems.append("\(place).dataset.type is missing") }
      if word(data?["name"]) == nil { problems.append("\(place).dataset.name is missing") }
      guard let metrics = result["metrics"] as? [[String: Any]], !metrics.isEmpty else {
        problems.append("\(place).metrics is no list of metrics")
        continue
      }
      for (number, metric) in metrics.enumerated() {
        problems += check(metric: metric, at: "\(place).metrics[\(number)]")
      }
    }
    return problems
  }

  private static func check(metric: [String: Any], at place: String) -> [String] {
    var problems = word(metric["type"]) == nil ? ["\(place).type is missing"] : []
    let number = (metric["value"] as? Double) ?? (metric["value"] as? Int).map(Double.init)
    if !(number?.isFinite ?? (word(metric["value"]) != nil)) {
      problems.append("\(place).value is neither a number nor a text")
    }
    if metric["name"] != nil, word(metric["name"]) == nil { problems.append("\(place).name is no text") }
    if metric["verified"] != nil { problems.append("\(place).verified is for the hub's own evaluation") }
    return problems
  }

  /// A text that says something.
  private static func word(_ value: Any?) -> String? {
    (value as? String).flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
  }
}
