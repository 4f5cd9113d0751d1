import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Training

/// What is asked before any work, so that hours of it do not end at something that was there to be seen.
extension Experiment {
  /// One batch through every program, so that shapes, layers and class counts that do not fit are refused at once.
  func dryRun() throws {
    let data = try data()
    let teacher = try freshTeacher()
    try checkLayers()
    for student in [nil] + recipe.taught.map(Optional.some) {
      let model = student?.model ?? recipe.student
      let network = try ModelCatalog.build(specification(model), seed: 0, at: student?.name ?? "student")
      let own = try student.flatMap(freshTeacher)
      let program = try program(for: student, network, teacher: own ?? teacher, seed: recipe.seeds.first ?? 1)
      let batch = trialBatch(for: program, of: data, count: min(2, data.train.count))
      let isStaged = student.map { $0.classifierEpochs + $0.preparationEpochs > 0 } ?? false
      for step in isStaged ? [0, .max] : [0] {
        let clock = TrainingClock(step: step, epochs: 1, stepsPerEpoch: 1)
        do {
          _ = try program.step(batch, clock, learningRate: 0, random: Philox(seed: 0))
        } catch is NonFiniteTerm {
          // Two images at weights that never learned say nothing of whole batches: the training itself will tell.
        }
      }
    }
  }

  /// Hours of training must not end at images that cannot be measured.
  func requireMasks() throws {
    guard recipe.analysis.measures else { return }
    let images = try data().development
    // The published procedure has a rule for images without masks.
    guard images.masks != nil || recipe.analysis.procedures == [.published] else {
      let remedy = recipe.data.options.values["masks"] == nil ? "" : "; masks: box takes the central box"
      throw InputError("data.set", "\(images.name) has no masks", remedy: "concepts need foreground masks\(remedy)")
    }
    let side = min(images.height, images.width)
    guard recipe.analysis.grid <= side else {
      throw InputError(
        "analysis.grid", "is \(recipe.analysis.grid) on images of \(side) pixels", remedy: "it takes at most \(side)")
    }
    try requirePosition()
  }

  /// Masks may be there and useless: all empty or full at the grid's cells.
  func requireProbes() throws {
    for procedure in recipe.analysis.procedures {
      guard try !probeSet(procedure).images.isEmpty else {
        throw InputError(
          "data.set", "no development image of \(try data().development.name) has cells of both object and background",
          remedy: "concepts need masks that are neither empty nor full; a larger analysis.grid has smaller cells")
      }
    }
  }

  func checkLayers() throws {
    let network = try ModelCatalog.build(specification(recipe.student), seed: 0, at: "student")
    for layer in recipe.analysis.layers { _ = try network.probePoint(layer, at: "analysis.layers") }
  }

  /// - Throws: ``InputError`` that names the first network that is not trained to its end.
  func requireTrained() throws {
    let teacher = recipe.teacher.checkpoint == nil ? [("teacher", firstSeed, recipe.teacher.epochs)] : []
    let students = recipe.seeds.flatMap { seed in recipe.trainingOrder.map { ($0, seed, lastEpoch(of: $0)) } }
    for (role, seed, epochs) in teacher + students {
      let file = folders.training(role, seed: seed).checkpoint(epoch: epochs)
      guard FileManager.default.fileExists(atPath: file.path) else {
        throw InputError(
          folders.run.path, "\(role) of seed \(seed) is not trained to epoch \(epochs)",
          remedy: isComparison
            ? "finish it with the same kdscope compare" : "finish the run with kdscope run --resume")
      }
    }
  }
}
