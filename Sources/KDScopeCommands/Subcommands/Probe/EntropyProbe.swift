import Analysis
import ArgumentParser
import Experiments
import Foundation
import Reporting

/// `kdscope probe entropy`.
struct EntropyProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "entropy", abstract: "Which parts of an image a layer of a checkpoint has discarded.",
    discussion: """
      Pixel-wise entropies at a fixed distortion, on images of the development split. Prints, for each checkpoint and \
      image, the mean entropy of object and background (of the whole image where there are no masks) and how well the \
      distortion was reached. With --position: maps without what a cell's place alone decides. With --out: also entropy.png, \
      the maps side by side on one scale, and entropy.csv, cell by cell. With --json: a list, one object for each \
      checkpoint: "checkpoint", "layer", "grid", "profile" (what --position took out of every cell, nats; null where \
      nothing was), "maps" (image, class, entropies, foreground_entropy, background_entropy, distortion, converged).
      """)

  @OptionGroup
  var asked: CheckpointArguments

  @OptionGroup
  var images: DataOptions

  @OptionGroup
  var options: MapOptions

  @OptionGroup
  var reading: ReadingOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let folder = try options.place.folder()
    let probe = try options.maps(of: asked, images, needsMasks: false)
    try folder?.write(MapFiles(probe))
    try output.print(
      .list(probe.answers.map { document($0, probe) }),
      text: probe.answers.map { text($0, probe) }.joined(separator: "\n"))
  }

  private func means(_ map: EntropyMap, _ place: Int, _ probe: MapProbe) -> (foreground: Double?, background: Double?) {
    guard probe.hasMasks else {
      return (map.entropies.reduce(0) { $0 + Double($1) } / Double(map.entropies.count), nil)
    }
    let regions = try? map.regionEntropies(foreground: probe.probe.images.foreground[place]).get()
    return (regions?.foreground, regions?.background)
  }

  private func text(_ answer: MapProbe.Answer, _ probe: MapProbe) -> String {
    func nats(_ value: Double?) -> String { value.map { NumberFormat.fixed($0, 3) } ?? "–" }
    let heads = probe.hasMasks ? ["object / nats", "background / nats"] : ["whole image / nats"]
    let rows = answer.maps.enumerated().map { place, map -> [String] in
      let (foreground, background) = means(map, place, probe)
      return ["\(probe.probe.images.indices[place])", probe.classNames[place], nats(foreground)]
        + (probe.hasMasks ? [nats(background)] : []) + [
          NumberFormat.significant(map.distortion, 3), map.isConverged ? "" : "did not reach the distortion",
        ]
    }
    return "\(answer.name): \(answer.layer), \(probe.grid)×\(probe.grid) cells\n"
      + aligned([["image", "class"] + heads + ["distortion", ""]] + rows, indent: "  ")
  }

  private func document(_ answer: MapProbe.Answer, _ probe: MapProbe) -> DocumentNode {
    .map([
      "checkpoint": .text(answer.name), "layer": .text(answer.layer), "grid": .whole(probe.grid),
      "profile": answer.profile.map { .list($0.values.map { .number($0) }) } ?? .null,
      "maps": .list(
        answer.maps.enumerated().map { place, map in
          let (foreground, background) = means(map, place, probe)
          return .map([
            "image": .whole(probe.probe.images.indices[place]), "class": .text(probe.classNames[place]),
            "entropies": .list(map.entropies.map { .number(Double($0)) }),
            "foreground_entropy": .optional(probe.hasMasks ? foreground : nil),
            "background_entropy": .optional(background), "distortion": .number(map.distortion),
            "converged": .flag(map.isConverged),
          ])
        }),
    ])
  }
}
