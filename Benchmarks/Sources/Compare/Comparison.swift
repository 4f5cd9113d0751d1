import Foundation
import Workloads

/// The measurements of the table; those that have a PyTorch side alternate with it.
struct Comparison {
  let children: Children
  let rounds: Int
  let isTrial: Bool

  /// The training step beside PyTorch's, and the memory of both.
  func training() throws -> (rows: [Row], torch: String) {
    let (steps, warmUp) = isTrial ? (2, 1) : (40, 8)
    var own: [TrainingResult] = []
    var other: [TorchTraining] = []
    for round in 1...rounds {
      own.append(try children.engine(["train", "--steps", "\(steps)"]))
      other.append(
        try children.torch(
          "train_step.py",
          ["--steps", "\(steps)", "--warm-up", "\(warmUp)"] + (isTrial ? ["--mode", "eager"] : [])))
      note(round, "training step", own[round - 1].imagesPerSecond, other[round - 1].best, "images/s")
    }
    // Modes differ by little: the one that was best most often names the column.
    let modes = Dictionary(grouping: other, by: \.bestMode).max { $0.value.count < $1.value.count }?.key ?? ""
    let speed = Row(
      "training step of ResNet-20, batch 64", unit: "images/s", own: own.map(\.imagesPerSecond),
      reference: "PyTorch (\(modes))", other: other.map(\.best), .rate)
    let memory = Row(
      "memory of that training above the start", unit: "MiB", own: own.map { $0.peakAboveStart / 1_048_576 },
      reference: "PyTorch, above import", other: other.map { $0.peakRssAboveImportBytes / 1_048_576 }, .amount)
    return ([speed, memory], other.first?.torch ?? "?")
  }

  /// Logits of many images by a frozen network, beside PyTorch's compiled form with freezing and its eager one.
  func inference() throws -> [Row] {
    let (images, repeats) = isTrial ? (200, 1) : (10_000, 3)
    var own: [Double] = []
    var other: [TorchInference] = []
    for round in 1...rounds {
      own.append(try children.engine(["inference", "--images", "\(images)", "--steps", "\(repeats)"]))
      other.append(
        try children.torch(
          "inference.py",
          ["--images", "\(images)", "--repeats", "\(repeats)"] + (isTrial ? ["--mode", "channels_last"] : [])))
      note(round, "inference", own[round - 1], other[round - 1].eagerChannelsLast, "images/s")
    }
    let modes = Dictionary(grouping: other.compactMap(\.compiledMode)) { $0 }.max { $0.value.count < $1.value.count }
    let compiled = Row(
      "inference of ResNet-20, 10,000 images", unit: "images/s", own: own,
      reference: "PyTorch (\(modes?.key ?? "compile"), freezing)", other: other.compactMap(\.compiled), .rate)
    let eager = Row(
      "the same", unit: "images/s", own: own, reference: "PyTorch (eager, channels_last)",
      other: other.map(\.eagerChannelsLast), .rate)
    return [compiled, eager]
  }

  /// Training steps with those methods that `methods.py` has, ResNet-20 taught by ResNet-56, beside PyTorch's.
  func methods() throws -> [Row] {
    var own: [[MethodResult]] = []
    var other: [[MethodResult]] = []
    var names: [String] = []
    for round in 1...rounds {
      let answer: TorchMethods = try children.torch(
        "methods.py", isTrial ? ["--rounds", "1", "--steps", "1", "--warm-up", "1"] : [])
      other.append(answer.methods)
      names = answer.methods.map(\.method)
      own.append(
        try children.engine(
          ["methods", "--steps", isTrial ? "1" : "4"] + names.flatMap { ["--method", $0] }))
      note(round, "step with kd", own[round - 1][0].imagesPerSecond, other[round - 1][0].imagesPerSecond, "images/s")
    }
    return names.indices.map { index in
      Row(
        "training step of ResNet-20 taught by ResNet-56, \(names[index])", unit: "images/s",
        own: own.map { $0[index].imagesPerSecond }, reference: "PyTorch (channels_last)",
        other: other.map { $0[index].imagesPerSecond }, .rate)
    }
  }

  /// The training step beside the raw sequence of oneDNN calls, which alternates with it in one process.
  func raw() throws -> [Row] {
    let results: [TrainingResult] = try (1...rounds).map { round in
      let result: TrainingResult = try children.engine(["raw", "--steps", isTrial ? "1" : "60"])
      note(round, "raw oneDNN", result.imagesPerSecond, max(result.direct ?? 0, result.winograd ?? 0), "images/s")
      return result
    }
    let own = results.map(\.imagesPerSecond)
    return [("direct", results.compactMap(\.direct)), ("Winograd", results.compactMap(\.winograd))].map { name, other in
      Row("the same step", unit: "images/s", own: own, reference: "raw oneDNN calls, \(name)", other: other, .rate)
    }
  }

  /// Whether resident memory stays where it is over a long training.
  func growth() throws -> Row {
    let steps = isTrial ? 3 : 1_000
    let result: TrainingResult = try children.engine(["train", "--steps", "\(steps)"])
    return Row("growth of resident memory over \(steps) steps", unit: "MiB", own: [result.growth / 1_048_576])
  }

  /// Entropy maps by the published procedure, the same work on both sides.
  func entropy() throws -> (rows: [Row], published: [Double]) {
    let size = isTrial ? ["--steps", "2", "--draws", "8", "--images", "1"] : ["--images", "2"]
    var own: [Double] = []
    var other: [TorchEntropy] = []
    for round in 1...rounds {
      own.append(try children.engine(["entropy"] + (isTrial ? size : size + ["--steps", "60"])))
      other.append(try children.torch("entropy.py", size + (isTrial ? ["--form", "eager"] : [])))
      note(round, "entropy map", own[round - 1], other[round - 1].secondsPerImage, "s")
    }
    let forms = Dictionary(grouping: other, by: \.form).max { $0.value.count < $1.value.count }?.key ?? ""
    let published = other.map(\.secondsPerImage)
    let row = Row(
      "entropy map, 96 draws × 60 steps", unit: "s per image", own: own, reference: "PyTorch (\(forms))",
      other: published, .time)
    return ([row], published)
  }

  /// Entropy maps by the solver, whose error is measured against long runs.
  func solver(checkpoint: String?, data: String) throws -> Solver {
    Host.say("entropy solver, with two long runs to judge it")
    let size =
      isTrial ? ["--images", "1", "--steps", "4", "--reference-iterations", "4"] : ["--images", "16", "--steps", "32"]
    return Solver(
      result: try children.engine(
        ["solver", "--data", data] + size + (checkpoint.map { ["--checkpoint", $0] } ?? [])))
  }

  /// Matrix products beside OpenBLAS, which alternates with them in one process.
  func products() throws -> [Row] {
    let all: [[ProductResult]] = try (1...rounds).map { round in
      Host.say("round \(round)/\(rounds): matrix products")
      return try children.engine(["products", "--steps", isTrial ? "2" : "50"], with: Host.libraryKernels)
    }
    return (all.first ?? []).indices.map { index in
      let results = all.map { $0[index] }
      return Row(
        "matrix product [\(results[0].rows), \(results[0].inner)] · [\(results[0].inner), \(results[0].columns)]",
        unit: "GFLOP/s", own: results.map(\.engine), reference: "OpenBLAS (\(results[0].kernels))",
        other: results.map(\.library), .rate)
    }
  }

  /// Time from the start of `kdscope --help` to its end.
  func start() throws -> Row {
    Host.say("start of the program")
    return Row(
      "`kdscope --help`, whole process", unit: "ms",
      own: try Host.milliseconds(of: try Host.kdscope(), "--help", repeats: isTrial ? 3 : 50))
  }

  private func note(_ round: Int, _ what: String, _ own: Double, _ other: Double, _ unit: String) {
    Host.say("round \(round)/\(rounds): \(what): \(figures(own)) against \(figures(other)) \(unit)")
  }
}

/// The solver's times and errors.
struct Solver {
  let result: SolverResult

  /// Time to the answer, beside PyTorch's published procedure.
  func rows(beside published: [Double]) -> [Row] {
    [
      Row(
        "entropy map by the solver, \(Int(result.passes)) passes", unit: "s per image", own: [result.secondsPerImage],
        reference: "PyTorch, 5,760 published passes", other: [Row.median(published)], .time)
    ]
  }

  var note: String {
    func short(_ value: Double) -> String { String(format: "%.3f", value) }
    return
      "The solver's maps (\(result.images) images, 16×16 cells, τ = 0.1, ResNet-20 of development accuracy "
      + "\(short(result.accuracy))) beside a long run of \(Int(result.referencePasses)) passes: correlation "
      + "\(short(result.correlation)), centred error \(short(result.error)) of the long run's spread, largest |ln D/τ| "
      + "\(short(result.logDistortionError)); a second long run from another start correlates with the first at "
      + "\(short(result.referenceCorrelation))."
  }
}
