import Analysis
import ArgumentParser
import Experiments
import Foundation
import Reporting
import Statistics

/// `kdscope probe concepts`.
struct ConceptsProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "concepts", abstract: "Count the visual concepts of checkpoints on objects and backgrounds.",
    discussion: """
      Counts the cells whose content a layer keeps clearly better than the background's, on images with masks (Cheng et al., CVPR \
      2020). Prints, for each checkpoint and threshold b, N_fg, N_bg and lambda with 95 % bootstrap intervals over \
      images, and in how many images the premise holds that the background is discarded. An untrained network meets \
      it by the cells' position alone, which --position takes out. With --out: also \
      entropy.png, entropy.csv and counts.csv. With --json: a list, one object for each checkpoint: "checkpoint", \
      "layer", "grid", "premise_holding", "premise_images", "counts" (threshold, foreground, background, lambda, \
      images, left_out).
      """)

  @OptionGroup
  var asked: CheckpointArguments

  @OptionGroup
  var images: DataOptions

  @OptionGroup
  var options: MapOptions

  @Option(
    name: .long, parsing: .upToNextOption, help: "Concept thresholds b, nats. (default: 0.1 0.2 0.4 0.8)")
  var thresholds: [Double] = [0.1, 0.2, 0.4, 0.8]

  @OptionGroup
  var reading: ReadingOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    guard thresholds.allSatisfy({ $0 > 0 && $0 <= 20 }), Set(thresholds).count == thresholds.count else {
      throw ValidationError("--thresholds: takes different numbers above 0, at most 20")
    }
  }

  func run() throws {
    let folder = try options.place.folder()
    let probe = try options.maps(of: asked, images, needsMasks: true)
    try folder?.write(MapFiles(probe, thresholds: thresholds))
    let study = probe.study(thresholds: thresholds)
    let pages = probe.answers.indices.map { ConceptsPage(probe.answers[$0], probe, study, study.series[$0]) }
    try output.print(.list(pages.map(\.document)), text: pages.map(\.text).joined(separator: "\n"))
  }
}

/// What `probe concepts` shows of one checkpoint.
private struct ConceptsPage {
  private let answer: MapProbe.Answer
  private let grid: Int
  private let premise: Premise
  private let counts: [(threshold: Double, summaries: [ConceptSummary?])]

  init(_ answer: MapProbe.Answer, _ probe: MapProbe, _ study: ConceptStudy, _ run: EntropySeries) {
    self.answer = answer
    grid = probe.grid
    premise = study.premise(in: run, at: 0)
    counts = study.thresholds.map { threshold in
      (
        threshold,
        [.foregroundConcepts, .backgroundConcepts, .conceptShare].map {
          study.summary(of: $0, over: [run], threshold: threshold)
        }
      )
    }
  }

  var text: String {
    let rows = counts.map { threshold, summaries in
      [NumberFormat.significant(threshold, 2)]
        + summaries.map { $0?.estimate.map { NumberFormat.estimate($0) } ?? "–" }
        + ["\(summaries[0]?.images ?? 0)", "\(summaries[2]?.leftOut.total ?? 0)"]
    }
    return "\(answer.name): \(answer.layer), \(grid)×\(grid) cells; background above object in \(premise.holding) of "
      + "\(premise.images) images\n"
      + aligned([["b / nats", "N_fg", "N_bg", "λ", "images", "without λ"]] + rows, indent: "  ")
  }

  var document: DocumentNode {
    .map([
      "checkpoint": .text(answer.name), "layer": .text(answer.layer), "grid": .whole(grid),
      "premise_holding": .whole(premise.holding), "premise_images": .whole(premise.images),
      "counts": .list(
        counts.map { threshold, summaries in
          .map([
            "threshold": .number(threshold), "foreground": .estimate(summaries[0]?.estimate),
            "background": .estimate(summaries[1]?.estimate), "lambda": .estimate(summaries[2]?.estimate),
            "images": .whole(summaries[0]?.images ?? 0), "left_out": .whole(summaries[2]?.leftOut.total ?? 0),
          ])
        }),
    ])
  }
}
