import Distillation
import Support

extension StudentRecipe {
  /// What decides a compared student's weights beside what all share: schedule, weights, methods and those of their
  /// options that differ from the default, so that an option which a method is given later makes no finished training
  /// another one.
  var identity: String {
    let terms = terms.map { term -> String in
      let entry = MethodRegistry.entries.first { $0.name == term.method }
      let changed = term.options.values.filter { name, value in
        entry?.options.first { $0.name == name }?.defaultValue != value
      }
      let written = changed.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
      return "\(term.method) \(term.weight)\(written.joined())"
    }
    // Where no stage trains the student there is one budget only.
    let budget = budget == .total ? ["budget total"] : []
    // What was added later stands here only where it is used, so that older trainings stay what they are.
    let view = (teacherView == .same ? [] : ["teacher-view \(teacherView.rawValue)"]) + (isApart ? ["apart"] : [])
    let omitted = omitted.isEmpty ? [] : ["omit \(omitted.joined(separator: ", "))"]
    let versions = Recipe.ownVersions(of: self.terms.flatMap(\.names))
    return ([schedule.rawValue, "\(classifierEpochs)", "\(labelWeight)"] + budget + view + omitted + versions + terms)
      .joined(separator: "\n")
  }

  /// Its methods with what differs from their defaults: `kd temperature=8 + crd`.
  var comparedTitle: String {
    let parts = comparedParts
    return (parts.terms.map { ([$0.method] + $0.changes).joined(separator: " ") }.joined(separator: " + "))
      + (parts.labels.map { " \($0)" } ?? "")
  }

  /// The argument of `kdscope compare` that it comes from, for a shell: `kd:temperature=8+crd`.
  var comparedArgument: String {
    let parts = comparedParts
    let texts = parts.terms.enumerated().map { index, term in
      let changes = term.changes + (index == 0 ? [parts.labels].compactMap(\.self) : [])
      let written = changes.map { $0.replacing(" ", with: "") }
      return term.method + (written.isEmpty ? "" : ":" + written.joined(separator: ","))
    }
    let argument = texts.joined(separator: "+")
    return argument.contains("[") ? "'\(argument)'" : argument
  }

  /// Its terms with what differs from their methods' defaults, and the weight of the labels if that does.
  private var comparedParts: (terms: [(method: String, changes: [String])], labels: String?) {
    var usual: Double?
    let terms = terms.map { term -> (method: String, changes: [String]) in
      guard let entry = MethodRegistry.entries.first(where: { $0.name == term.method }),
        let defaults = try? MethodDefaults(entry)
      else { return (term.method, []) }
      usual = usual ?? defaults.labelWeight
      return (term.method, term.changes(from: defaults.term, entry))
    }
    return (terms, labelWeight == usual ?? 1 ? nil : "labels=\(OptionValue.number(labelWeight))")
  }
}
