import Analysis
import Checkpoints
import Plotting
import Statistics
import Support

/// Figures and tables of `probe accuracy`.
public struct QualityFiles: ProbeFiles {
  private let answers: [(name: String, quality: NetworkQuality)]
  private let names: [String]

  /// - Parameter answers: the checkpoints as they were named, with what they answered.
  public init(_ answers: [(name: String, quality: NetworkQuality)]) {
    self.answers = answers
    names = shortNames(answers.map(\.name))
  }

  /// Accuracies, the reliability diagram, and a confusion matrix for each checkpoint.
  public var figures: [(name: String, figure: Plotting.Figure)] {
    let series = zip(answers.indices, looks).map { place, look in
      ReliabilitySeries(names[place], [answers[place].quality.calibration], look: look)
    }
    let maps = answers.indices.map { place in
      let quality = answers[place].quality
      let chosen = quality.confusion.shownClasses
      return HeatMap(
        confusionOf: names[place], shares: quality.confusion.shares(of: chosen),
        classes: chosen.map { quality.classes[$0] })
    }
    return [
      (name: "accuracy", figure: accuracyFigure), (name: "reliability", figure: .reliability(series)),
      (name: "confusion", figure: Figure(maps: maps, inRow: 2, rowHeight: 85)),
    ]
  }

  /// How many images are right, of all and of each class.
  private var accuracyFigure: Plotting.Figure {
    let shares = answers.indices.flatMap { place -> [Intervals.Row] in
      let quality = answers[place].quality
      let name = answers.count > 1 ? "\(names[place]), " : ""
      return [("right", quality.accuracy), ("among five likeliest", quality.topFive)].compactMap { what, share in
        share.map { Intervals.Row("\(name)\(what)", $0, scale: 100, look: looks[place]) }
      }
    }
    let series = answers.indices.map { place in
      ClassDots.Series(names[place], answers[place].quality.confusion.scores.map(\.recall), look: looks[place])
    }
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(
              title: "All images", x: Axis("images / %"), y: Axis(""),
              marks: [.intervals(Intervals(rows: shares, look: RoleLook.student(0), reference: nil))])),
          ClassDots(series, classes: answers[0].quality.classes, shown: answers[0].quality.confusion.shownClasses)
            .panel("images of the class that are right / %"),
        ]
      ], rowHeight: ClassDots.height(answers[0].quality.confusion.shownClasses.count), showsLegend: answers.count > 1)
  }

  /// Logits and labels as `probe accuracy --logits` takes them, a file for each checkpoint where there are several.
  public var tensors: [(name: String, tensors: [StoredTensor])] {
    answers.enumerated().map { place, answer in
      (name: answers.count > 1 ? "accuracy-\(place + 1)" : "accuracy", tensors: answer.quality.answers.tensors)
    }
  }

  /// Teacher and baseline as in all figures, if there is one of them; the others as students.
  private var looks: [Look] {
    let roles = answers.map(\.quality.answers.role)
    var students = 0
    return roles.map { role in
      let isOnly = roles.count { $0 == role } == 1
      if isOnly, role == RoleName.teacher { return RoleLook.teacher }
      if isOnly, role == RoleName.baseline { return RoleLook.baseline }
      students += 1
      return RoleLook.student(students - 1)
    }
  }

  /// Bins, classes and pairs of classes; each row begins with the checkpoint.
  public var tables: [(name: String, table: Table)] {
    let key = [Table.Column("checkpoint", .text, "The checkpoint: what tells its path from the others'.")]
    func table(_ columns: [Table.Column], _ rows: (NetworkQuality) -> [[Cell]]) -> Table {
      Table(keys: key, columns, zip(names, answers).map { (key: [.text($0)], rows: rows($1.quality)) })
    }
    return [
      (name: "calibration", table: table(PredictionTables.bins) { PredictionTables.rows($0.calibration) }),
      (
        name: "classes",
        table: table(PredictionTables.classes) { PredictionTables.classRows($0.confusion, names: $0.classes) }
      ),
      (
        name: "confusion",
        table: table(PredictionTables.confusion) { PredictionTables.confusionRows($0.confusion, names: $0.classes) }
      ),
    ]
  }
}

/// What tells paths apart, with the file's own name: `student/epoch-010` beside `baseline/epoch-010`,
/// `a/…/epoch-002` beside `b/…/epoch-002`. Folders that all of them share are left out.
///
/// - Parameter paths: of files; equal ones get equal names.
/// - Returns: one name per path, without `.safetensors`.
public func shortNames(_ paths: [String]) -> [String] {
  let parts = paths.map { path in
    let plain = path.hasSuffix(".safetensors") ? String(path.dropLast(12)) : path
    return plain.split(separator: "/").map(String.init)
  }
  guard Set(parts).count == Set(paths).count else { return paths }
  let longest = parts.map(\.count).max() ?? 1
  for length in 1...max(1, longest) {
    let ends = parts.map { Array($0.suffix(length)) }
    if Set(ends).count == Set(parts).count { return ends.map { abridged($0, among: ends) } }
  }
  return paths
}

/// The parts of a path with those in the middle that all others have too as an ellipsis.
private func abridged(_ path: [String], among others: [[String]]) -> String {
  var kept: [String] = []
  for (place, part) in path.enumerated() {
    let isShared =
      place > 0 && place + 1 < path.count && others.allSatisfy { $0.count == path.count && $0[place] == part }
    if !isShared { kept.append(part) } else if kept.last != "…" { kept.append("…") }
  }
  return kept.joined(separator: "/")
}
