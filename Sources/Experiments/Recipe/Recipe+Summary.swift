extension Recipe {
  /// One line: who learns what from whom, on which data, how often.
  public var summary: String {
    let lessons = students.map { student in
      let terms = student.terms.map(\.method).joined(separator: " + ")
      return students.count == 1 ? terms : "\(student.name) (\(terms))"
    }
    let length = training.epochs == 1 ? "1 epoch" : "\(training.epochs) epochs"
    let repetitions = seeds.count == 1 ? "seed \(seeds[0])" : "\(seeds.count) seeds"
    let who = asksTeacher ? "\(teacher?.model.name ?? "") teaches \(student.name)" : "\(student.name) learns"
    let others = (teachers.map(\.name) + assistants.map(\.name)).joined(separator: ", ")
    let beside = others.isEmpty ? "" : " with \(others)"
    return "\(who) by \(lessons.joined(separator: ", "))\(beside) on \(data.set), \(length), \(repetitions)"
  }
}
