import Checkpoints
import Plotting
import Statistics

/// Figure, table and tensors of `probe predict`.
public struct TopAnswerFiles: ProbeFiles {
  private let answers: [TopAnswers]
  private let names: [String]

  /// Images that are drawn.
  private static let mostImages = 12

  /// - Parameter answers: the checkpoints as they were named, with what they answered to the same images.
  public init(_ answers: [(name: String, answers: TopAnswers)]) {
    self.answers = answers.map(\.answers)
    names = shortNames(answers.map(\.name))
  }

  /// The pictures, beside each the likeliest classes of every checkpoint.
  public var figures: [(name: String, figure: Plotting.Figure)] {
    let shown = 0..<min(Self.mostImages, answers[0].names.count)
    let rows = shown.map { image -> [Panel] in
      let picture = Gallery(
        title: answers[0].names[image], cells: [[answers[0].asked.picture(image)]], colourBarLabel: "")
      return [.gallery(picture)] + answers.indices.map { .chart(chart(image, $0)) }
    }
    // Two images in a row where there is one checkpoint.
    let inRow = answers.count == 1 && rows.count > 1 ? 2 : 1
    let panels = stride(from: 0, to: rows.count, by: inRow).map { start -> [Panel] in
      let row = rows[start..<min(rows.count, start + inRow)].flatMap(\.self)
      return row + Array(repeating: .empty, count: inRow * rows[0].count - row.count)
    }
    let classes = answers[0].choices[0].count
    return [
      (
        name: "predict",
        figure: Figure(
          width: inRow * rows[0].count > 2 ? Figure.twoColumns : 120, panels: panels,
          rowHeight: max(36, 20 + 4.2 * Double(classes)), showsLegend: false)
      )
    ]
  }

  private func chart(_ image: Int, _ place: Int) -> Chart {
    let rows = answers[place].choices[image].map {
      Intervals.Row($0.name, value: 100 * $0.probability, interval: .unknown)
    }
    return Chart(
      title: answers.count > 1 ? names[place] : nil,
      x: Axis("probability / %", range: -4...104, ticks: [0, 50, 100].map { Tick($0, "\(Int($0))") }), y: Axis(""),
      marks: [.intervals(Intervals(rows: rows, look: RoleLook.student(place), reference: nil))])
  }

  /// One row for each checkpoint, image and kept class.
  public var tables: [(name: String, table: Table)] {
    var table = Table([
      Table.Column("checkpoint", .text, "The checkpoint: what tells its path from the others'."),
      Table.Column("image", .text, "Name of the picture, or number of the image from 0."),
      Table.Column("rank", .integer, "1 for the likeliest class."),
      Table.Column("index", .integer, "Which output of the network, from 0."),
      Table.Column("class", .text, "Its class."),
      Table.Column("probability", .number, "From 0 to 1."),
    ])
    for (name, answer) in zip(names, answers) {
      for (image, choices) in zip(answer.names, answer.choices) {
        for (rank, choice) in choices.enumerated() {
          table.append([
            .text(name), .text(image), .integer(rank + 1), .integer(choice.index), .text(choice.name),
            .number(choice.probability),
          ])
        }
      }
    }
    return [(name: "predict", table: table)]
  }

  /// Logits of all images, a file for each checkpoint where there are several.
  public var tensors: [(name: String, tensors: [StoredTensor])] {
    answers.enumerated().map { place, answer in
      (
        name: answers.count > 1 ? "predict-\(place + 1)" : "predict",
        tensors: [StoredTensor(name: "logits", shape: answer.logits.shape.dimensions, floats: answer.logits.floats)]
      )
    }
  }
}
