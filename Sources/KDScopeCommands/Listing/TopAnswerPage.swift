import Experiments
import Reporting

/// What `probe predict` shows of one checkpoint.
struct TopAnswerPage {
  private let answers: TopAnswers

  init(_ answers: TopAnswers) { self.answers = answers }

  /// Cells of the bar of probability 1.
  private static let width = 24.0

  var text: String {
    let rows = zip(answers.names, answers.choices).flatMap { name, choices in
      choices.enumerated().map { rank, choice -> [String] in
        let share = NumberFormat.percent(choice.probability)
        let padded = String(repeating: " ", count: max(0, 7 - share.count)) + share
        return [rank == 0 ? name : "", choice.name, padded, bar(choice.probability)]
      }
    }
    return answers.path + "\n" + aligned(rows, indent: "  ")
  }

  /// A bar to the eighth of a cell.
  private func bar(_ share: Double) -> String {
    let eighths = Int((share * Self.width * 8).rounded())
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + rest
  }

  var document: DocumentNode {
    .map([
      "checkpoint": .text(answers.path),
      "images": .list(
        zip(answers.names, answers.choices).map { name, choices in
          .map([
            "name": .text(name),
            "top": .list(
              choices.map { choice in
                .map([
                  "index": .whole(choice.index), "class": .text(choice.name),
                  "probability": .number(choice.probability),
                ])
              }),
          ])
        }),
    ])
  }
}
