import Datasets
import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import Training

/// What is asked before any work, so that hours of it do not end at something that was there to be seen.
extension Trainings {
  /// One batch through every program, so that shapes, layers and class counts that do not fit are refused at once.
  func tryOut() throws {
    let data = try data()
    try requireOwnSteps()
    let teacher = try teachers.fresh()
    let needsModel = recipe.taught.flatMap(\.terms).contains { MethodRegistry.teacherNeed($0.method) != .nothing }
    if teacher != nil, !recipe.asksTeacher, !needsModel {
      context.advise("teacher: no method asks it, so it is neither trained nor read")
    }
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

  /// Refuses moments that fall on one step, or on the end of an epoch: their weights would be the same.
  private func requireOwnSteps() throws {
    let steps = recipe.training.stepsPerEpoch(of: try data().train.count)
    var seen: [Int: Moment] = [:]
    for moment in recipe.training.checkpoints {
      let step = moment.steps(perEpoch: steps)
      let other = seen[step].map(\.description) ?? (step % steps == 0 ? "the end of epoch \(step / steps)" : nil)
      if let other {
        throw InputError(
          "training.checkpoints",
          "\(moment) and \(other) have the same weights: an epoch has \(steps) step\(steps == 1 ? "" : "s")",
          remedy: steps > 1
            ? "take moments that are multiples of 1/\(steps)" : "take a smaller training.batch, or no moments")
      }
      seen[step] = moment
    }
  }

  /// Some training images as a program wants to see them.
  func trialBatch(for program: any TrainingProgram, of data: DataSplits, count: Int) -> Batch {
    let images = BatchMaker(data.train, normalization: data.normalization, augmentation: nil, seed: 0)
      .images(Array(0..<count)[...])
    return Batch(
      images: program.view == .rotations ? concatenated([images, images, images, images], alongAxis: 0) : images,
      labels: data.train.labels.prefix(count).map(Int.init), indices: Array(0..<count),
      secondImages: program.view.isDouble ? images : nil)
  }
}
