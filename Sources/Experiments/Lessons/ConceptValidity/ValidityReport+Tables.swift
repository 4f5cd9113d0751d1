import Analysis
import Reporting
import Statistics

extension ValidityReport {
  private static let numbers: [ReportTable.Column] = [
    .init("Index", .right), .init("A in a", .right), .init("A in b", .right), .init("B in b", .right),
    .init("B in a", .right),
  ]

  private func numbers(_ study: DissociationStudy) -> [MarkdownText] {
    [\Dissociation.index, \.ownA, \.otherA, \.ownB, \.otherB].map { path in
      study.estimate { $0[keyPath: path] }.map { MarkdownText(plain: NumberFormat.estimate($0)) } ?? "–"
    }
  }

  /// Levels as rows, each with its trained, half-trained and untrained networks.
  var levelTable: ReportTable {
    var table = ReportTable(
      [.init("Level"), .init("Networks"), .init("Verdict")] + Self.numbers
        + [.init("Accuracy of a, b (%)", .right)],
      caption: """
        Who finds the part? Average precision of the cells of A and of B in the maps of network a, which learned A, and \
        of network b, which learned B, at \(code: lesson.mainLayer), position removed; mean over \(lesson.seeds.count) \
        seeds with 95 % Student t interval.
        """, name: "levels")
    for level in lesson.levels {
      for stage in PartsStage.allCases.reversed() {
        guard let result = result(level, stage) else { continue }
        let verdict = MarkdownText(markdown: "**\(result.study.verdict.word)**")
        let accuracy = PartsNetwork.allCases.map { network in
          NumberFormat.fixed(100 * (mean(of: accuracies(level, network)) ?? .nan), 1)
        }
        table.append(
          [stage == .trained ? "\(level.title)" : "", "\(stage.rawValue)", stage == .trained ? verdict : "shown only"]
            + numbers(result.study) + [stage == .trained ? "\(accuracy.joined(separator: ", "))" : ""])
      }
    }
    return table
  }

  private func accuracies(_ level: PartsLevel, _ network: PartsNetwork) -> [Double] {
    material.trainings.filter { $0.level == level }.map { $0.accuracy(network) }
  }

  /// Ways of measuring as rows.
  var changeTable: ReportTable {
    var table = ReportTable(
      [.init("Change"), .init("Verdict")] + Self.numbers,
      caption: """
        Trained networks, \(lesson.levels[0].title). The first row is the lesson's own way; the others change one thing.
        """, name: "ways")
    for result in [result(lesson.levels[0], .trained)].compactMap({ $0 }) + changed {
      let change = result.setting.change.isEmpty ? "none" : result.setting.change
      table.append(
        ["\(change)", MarkdownText(markdown: "**\(result.study.verdict.word)**")] + numbers(result.study))
    }
    return table
  }
}
