import Distillation

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
    return ([schedule.rawValue, "\(classifierEpochs)", "\(labelWeight)"] + terms).joined(separator: "\n")
  }
}
