import Analysis
import ArgumentParser
import Experiments
import Foundation
import Support

/// How entropy maps of checkpoints are measured.
struct MapOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Layer, as kdscope probe layers lists them. (default: last stage)", valueName: "name"))
  var layer: String?

  @Option(name: .long, help: "Images of the development split.")
  var count = 8

  @Option(name: .long, help: "Cells along each side.")
  var grid = 16

  @Option(name: .long, help: "Distortion tau, in variances of the feature.")
  var distortion = 0.1

  @Option(name: .long, help: "Iterations of the solver.")
  var iterations = 16

  @Option(name: .long, help: "Noise draws of each iteration.")
  var draws = 16

  @Option(
    name: .long,
    help: """
      Take out of every map what a cell's place alone decides: none, background (the data set draws pictures without \
      an object), scrambled (training pictures without phases, for photographs), fit.
      """)
  var position = PositionCorrection.none

  @Option(name: .long, help: "Pictures without an object for --position.")
  var positionImages = 24

  @OptionGroup
  var place: FolderOptions

  @Flag(name: .long, help: "Show no progress. (default: show it on standard error)")
  var quiet = false

  func validate() throws {
    try requireWholeNumbers([
      ("--count", count, 1...100_000), ("--grid", grid, 1...256), ("--iterations", iterations, 1...1000),
      ("--draws", draws, 1...1000), ("--position-images", positionImages, 2...100_000),
    ])
    guard distortion > 0, distortion <= 10 else {
      throw ValidationError("--distortion: is \(distortion); it takes a number above 0, at most 10")
    }
  }

  /// Measures the checkpoints on a data set.
  func maps(of asked: CheckpointArguments, _ images: DataOptions, needsMasks: Bool) throws -> MapProbe {
    let data = try images.load()
    let networks = try zip(asked.checkpoints, asked.urls).map { name, url in
      (name: name, probed: try data.network(url, model: asked.model))
    }
    return try MapProbe(
      networks, on: data,
      MapProbe.Question(
        layer: layer, count: count, grid: grid, distortion: distortion, iterations: iterations, draws: draws,
        position: position, positionImages: positionImages),
      needsMasks: needsMasks, progress: ProgressDisplay(isQuiet: quiet))
  }
}

extension PositionCorrection: ExpressibleByArgument {}
