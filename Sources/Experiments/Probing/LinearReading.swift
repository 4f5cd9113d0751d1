import Analysis
import Datasets
import Foundation
import Models
import NeuralNetworks
import Reporting
import Statistics
import Support
import Tensors

/// How well a linear classifier reads a data set's classes off a layer's features (Alain and Bengio, "Understanding
/// intermediate layers using linear classifier probes", 2017): fitted on the training images, judged on others.
public struct LinearReading {
  /// What is read off.
  public enum Target: String, Sendable, CaseIterable {
    /// The class of the image.
    case label
    /// At each position of the layer's map the part that most pixels of its cell belong to.
    case part
  }

  /// What is asked.
  public struct Question {
    /// Name of a probe point.
    public var layer: String
    /// How a map becomes a row; nil for the usual: averaged over positions.
    public var rule: FeatureGram.Rule?
    /// Weight of ‖W‖² / 2; nil for the best of ``LinearReading/penalties`` on the development images.
    public var penalty: Double?
    /// What is read off.
    public var target: Target
    /// At most so many images of each part of the data; nil for all.
    public var count: Int?
    /// Images at a time; the numbers do not depend on it beyond rounding.
    public var batch = 128

    /// - Parameters: as the properties.
    public init(
      layer: String, rule: FeatureGram.Rule? = nil, penalty: Double? = nil, target: Target = .label, count: Int? = nil
    ) {
      self.layer = layer
      self.rule = rule
      self.penalty = penalty
      self.target = target
      self.count = count
    }
  }

  /// A penalty that was tried.
  public struct Trial {
    /// Weight of ‖W‖² / 2.
    public let penalty: Double
    /// Share of development rows that are right.
    public let accuracy: Double
    /// Mean cross-entropy on the development rows, nats.
    public let negativeLogLikelihood: Double
  }

  /// The penalties of which the best is taken, the strongest first.
  public static let penalties = [1, 1e-1, 1e-2, 1e-3, 1e-4]

  /// The checkpoint's path.
  public let path: String
  /// What was asked, its rule the one that was taken.
  public let question: Question
  /// Names of what is told apart.
  public let classes: [String]
  /// What standardises the features.
  public let scale: FeatureScale
  /// The classifier.
  public let fit: SoftmaxRegression.Fit
  /// Its penalty.
  public let penalty: Double
  /// The penalties that were tried; empty where one was given.
  public let trials: [Trial]
  /// Share of rows that are right, of the images that are judged.
  public let accuracy: Estimate
  /// What it says of the rows that are judged, and of those that it was fitted on.
  public let judged: Predictions
  /// The same of the training rows.
  public let training: Predictions
  /// Images that it was fitted on, and that it is judged on.
  public let images: (training: Int, judged: Int)

  /// Fits and judges a classifier.
  ///
  /// - Parameters:
  ///   - probed: a network, of any classes.
  ///   - data: its training images are fitted, those that are asked about are judged.
  ///   - question: what is asked.
  ///   - progress: shows how far the work is.
  /// - Throws: ``InputError``, before any work, for a layer that is not there, or data that lack what is needed.
  public init(
    _ probed: ProbeData.ProbedNetwork, on data: ProbeData, _ question: Question, progress: ProgressDisplay
  ) throws {
    let point = try probed.network.probePoint(question.layer, at: "LAYER")
    try Self.check(data, question, point)
    var question = question
    question.rule = question.rule ?? .pooled
    func limited(_ set: ImageSet) -> ImageSet { question.count.map { set.spread($0) } ?? set }
    let needsDevelopment = question.penalty == nil
    let sets =
      [limited(data.splits.train), data.asked] + (needsDevelopment ? [limited(data.splits.development)] : [])
    let rows = RowReader(probed, point, question)
    try rows.requireMemory(images: sets.reduce(0) { $0 + $1.count })
    progress.plan([(name: "features", cost: 3), (name: "fit", cost: 1)])
    defer { progress.finish() }
    progress.begin("features")
    let all = Double(max(1, sets.reduce(0) { $0 + $1.count }))
    var done = 0.0
    let parts = try sets.map { set in
      let part = try rows.read(set) { progress.update((done + $0) / all) { "\(set.count) images" } }
      done += Double(set.count)
      return part
    }
    let scale = FeatureScale(of: parts[0].features)
    let scaled = parts.map { (features: scale.standardised($0.features), targets: $0.targets) }
    let classes = question.target == .part ? data.asked.partTargetNames : data.asked.classes
    progress.begin("fit")
    func predictions(_ place: Int, _ fit: SoftmaxRegression.Fit) -> Predictions {
      Predictions(
        logits: SoftmaxRegression.logits(scaled[place].features, fit), labels: scaled[place].targets,
        classes: classes.count)
    }
    var trials: [Trial] = []
    var best: (fit: SoftmaxRegression.Fit, penalty: Double, loss: Double)?
    var last: SoftmaxRegression.Fit?
    let asked = question.penalty.map { [$0] } ?? Self.penalties
    for (place, penalty) in asked.enumerated() {
      let problem = SoftmaxRegression(
        scaled[0].features, labels: scaled[0].targets, classes: classes.count, penalty: penalty)
      let fit = try problem.fit(from: last) {
        try Interrupt.check()
        progress.update(Double(place) / Double(asked.count)) { "penalty \(NumberFormat.significant(penalty, 1))" }
      }
      last = fit
      var loss = 0.0
      if needsDevelopment {
        let answers = predictions(2, fit)
        loss = answers.negativeLogLikelihood
        trials.append(Trial(penalty: penalty, accuracy: answers.accuracy, negativeLogLikelihood: loss))
      }
      if best.map({ loss < $0.loss }) ?? true { best = (fit, penalty, loss) }
    }
    guard let best else { preconditionFailure("LinearReading: no penalty") }
    path = probed.url.path
    self.question = question
    self.classes = classes
    self.scale = scale
    self.trials = trials
    (fit, penalty) = (best.fit, best.penalty)
    judged = predictions(1, best.fit)
    training = predictions(0, best.fit)
    images = (sets[0].count, sets[1].count)
    accuracy = Self.accuracy(judged, images: sets[1].count)
  }

  /// Of rows that are images Wilson's interval; positions of one image are not independent, and count as one.
  private static func accuracy(_ judged: Predictions, images: Int) -> Estimate {
    let inImage = judged.count / max(1, images)
    guard inImage > 1 else {
      return wilsonInterval(judged.right, of: judged.count) ?? Estimate(.nan, count: 0, method: "no images")
    }
    let right = judged.isRight
    let shares = (0..<images).map { image in
      Double(right[image * inImage..<(image + 1) * inImage].count { $0 }) / Double(inImage)
    }
    return studentInterval(of: shares, over: "images", within: QuantityRange.share)
      ?? Estimate(.nan, count: 0, method: "no images")
  }

  private static func check(_ data: ProbeData, _ question: Question, _ point: ProbePoint) throws {
    guard data.hasOwnTraining else {
      throw InputError(
        "--data", "there are no training images of \(data.name) apart from those that are judged",
        remedy: "a linear probe is fitted on a folder train, or on data that are divided")
    }
    guard data.asked.classes.count > 1 else {
      throw InputError("--data", "\(data.name) has one class", remedy: "two classes or more are told apart")
    }
    if question.penalty == nil, data.part == .development {
      throw InputError(
        "--split development", "chooses the penalty, and cannot judge it", remedy: "give --penalty, or judge on test")
    }
    guard question.target == .part else { return }
    guard data.asked.parts != nil else {
      throw InputError(
        "--target part", "\(data.name) does not know the parts of its images", remedy: "take part-shapes or two-glyphs")
    }
    guard question.rule == nil else {
      throw InputError(
        "--features", "stands beside --target part", remedy: "each position of the map is read on its own")
    }
    guard point.output.rank == 3 else {
      throw InputError("LAYER", "\(point.name) has no positions", remedy: "parts are read off maps, as of layer3")
    }
  }
}

/// Turns images into rows of features with what is read off them.
private struct RowReader {
  private let probed: ProbeData.ProbedNetwork
  private let point: ProbePoint
  private let question: LinearReading.Question

  init(_ probed: ProbeData.ProbedNetwork, _ point: ProbePoint, _ question: LinearReading.Question) {
    self.probed = probed
    self.point = point
    self.question = question
  }

  /// Features of one image.
  private var perImage: Int {
    question.target == .part || question.rule == .flattened
      ? point.output.count : point.output[point.output.rank - 1]
  }

  /// Refuses work that would not fit into half of the machine's memory.
  func requireMemory(images: Int) throws {
    // As the network gives them, as one tensor, and standardised.
    let bytes = Double(images) * Double(perImage) * 4 * 3
    let most = Double(ProcessInfo.processInfo.physicalMemory) / 2
    guard bytes > most else { return }
    throw InputError(
      "--features",
      "those of \(point.name) for \(images) images take \(NumberFormat.bytes(UInt64(bytes))), above half of the memory",
      remedy: "take pooled features, a later layer, or fewer images with --count")
  }

  func read(_ set: ImageSet, _ advanced: (Double) -> Void) throws -> (features: Tensor, targets: [Int]) {
    let maker = BatchMaker(set, normalization: probed.normalization, augmentation: nil, seed: 0)
    func images(_ indices: ArraySlice<Int>) throws -> Tensor {
      try Interrupt.check()
      advanced(Double(indices.endIndex))
      return maker.images(indices)
    }
    let (features, targets): (Tensor, [Int])
    if question.target == .part {
      features = try FeatureRows.ofPositions(
        probed.network, at: point.name, count: set.count, batch: question.batch, images: images)
      targets = set.partTargets(rows: point.output[0], columns: point.output[1])
    } else {
      features = try FeatureRows.ofImages(
        probed.network, at: point.name, count: set.count, rule: question.rule ?? .pooled, batch: question.batch,
        images: images)
      targets = set.labels.map(Int.init)
    }
    try features.requireFinite("features", of: probed.url.path)
    return (features, targets)
  }
}
