import Analysis
import ArgumentParser
import Experiments
import Foundation
import Reporting
import Support

/// `kdscope probe linear`.
struct LinearProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "linear", abstract: "How well a linear classifier reads classes off a layer of a checkpoint.",
    discussion: """
      Multinomial logistic regression on the layer's features, standardised by the training split: mean cross-entropy \
      + penalty / 2 · |W|^2, bias free, to a gradient norm of 1e-5. It is fitted on the training images and judged on \
      --split; the network may have other classes than the data. --target part reads at each position of the map which \
      part of the object is there (part-shapes, two-glyphs). With --out: also linear.png, linear.csv (the penalties \
      that were tried), classes.csv and linear.safetensors (weight [K, D], bias [K], mean, deviation [D]) in that \
      folder. With --json: one object: "checkpoint", "layer", "features", "target", "penalty", "accuracy" (value, \
      lower, upper, count, method), "nll", "accuracy_train", "nll_train", "loss_train" (with the penalty), \
      "iterations", "gradient_norm", "images_train", "images", "dimensions", "classes", "penalties" (penalty, \
      accuracy, nll on the development images).
      """)

  @Argument(help: "Name of a layer, as kdscope probe layers lists them.")
  var layer: String

  @Argument(help: "The checkpoint.", completion: .file())
  var checkpoint: String

  @Option(name: .long, help: "Name of the network, where the file does not give it. (default: the file's)")
  var model: String?

  @OptionGroup
  var question: QuestionOptions

  @Option(name: .long, help: "Rows of feature maps: averaged over positions, or all of them. (default: pooled)")
  var features: FeatureGram.Rule?

  @Option(
    name: .long, help: "Weight of the squared norm of the weights. (default: best of 1e-4 … 1 on development)")
  var penalty: Double?

  @Option(name: .long, help: "What is read off: the class of the image, or the part at each position.")
  var target = LinearReading.Target.label

  @OptionGroup
  var place: FolderOptions

  @OptionGroup
  var reading: ReadingOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    if let penalty, !(1e-8...1e4).contains(penalty) {
      throw ValidationError("--penalty: is \(penalty); it takes a number from 1e-8 to 10000")
    }
  }

  func run() throws {
    let folder = try place.folder()
    let data = try question.load(for: "probe linear", .test)
    let probed = try data.network(URL(fileURLWithPath: checkpoint), model: model)
    let reading = try LinearReading(
      probed, on: data,
      LinearReading.Question(
        layer: layer, rule: features, penalty: penalty, target: target, count: question.count),
      progress: question.progress)
    try folder?.write(LinearFiles(reading))
    try output.print(document(reading), text: text(reading))
  }

  private func text(_ reading: LinearReading) -> String {
    let (width, penalty) = (reading.scale.mean.count, NumberFormat.significant(reading.penalty, 2))
    let tried = reading.trials.isEmpty ? "" : ", the best of \(reading.trials.count) on the development images"
    let kind = target == .part ? "at each position" : reading.question.rule?.rawValue ?? ""
    return reading.path + "\n"
      + aligned(
        [
          ["layer", "\(layer), \(width) features \(kind), of \(reading.images.training) training images"],
          ["accuracy", "\(percent(reading.accuracy)) (\(reading.accuracy.method))"],
          ["NLL", "\(NumberFormat.significant(reading.judged.negativeLogLikelihood)) nats"],
          [
            "in training",
            "\(percent(reading.training.accuracy)), loss \(NumberFormat.significant(reading.fit.loss)) nats",
          ],
          ["penalty", "\(penalty)\(tried)"],
          [
            "fit",
            "\(reading.fit.iterations) Newton steps to a gradient of \(NumberFormat.significant(reading.fit.gradientNorm, 2))",
          ],
        ], indent: "  ")
  }

  private func document(_ reading: LinearReading) -> DocumentNode {
    .map([
      "checkpoint": .text(reading.path), "layer": .text(layer),
      "features": target == .part ? .text("positions") : .text(reading.question.rule?.rawValue ?? ""),
      "target": .text(target.rawValue), "penalty": .number(reading.penalty), "accuracy": .estimate(reading.accuracy),
      "nll": .number(reading.judged.negativeLogLikelihood), "accuracy_train": .number(reading.training.accuracy),
      "nll_train": .number(reading.training.negativeLogLikelihood), "loss_train": .number(reading.fit.loss),
      "iterations": .whole(reading.fit.iterations), "gradient_norm": .number(reading.fit.gradientNorm),
      "images_train": .whole(reading.images.training), "images": .whole(reading.images.judged),
      "dimensions": .whole(reading.scale.mean.count), "classes": .list(reading.classes.map { .text($0) }),
      "penalties": .list(
        reading.trials.map { trial in
          .map([
            "penalty": .number(trial.penalty), "accuracy": .number(trial.accuracy),
            "nll": .number(trial.negativeLogLikelihood),
          ])
        }),
    ])
  }
}

extension LinearReading.Target: ExpressibleByArgument {}
