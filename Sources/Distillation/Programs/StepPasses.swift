import Models
import NeuralNetworks
import Support
import Tensors

/// The forward passes of one step: one of the student, and one of the teacher for each kind of statistics that the
/// terms want.
struct StepPasses {
  let student: any Network
  /// nil where no term asks one.
  let teacher: (any Network)?
  let terms: [JointProgram.Term]
  /// Whether layers behind the last wanted feature are skipped; logits are then meaningless.
  var stopsWhenFound = false
  /// Whether the student runs.
  var runsStudent = true
  /// Whether a batch's second images are those that the teacher is asked about.
  var showsTeacherSecond = false
  /// What the teacher said in an earlier run; nil to ask it.
  var answers: (any TeacherAnswers)?
  /// Where methods note what they tell beside their losses; nil for nowhere.
  var metrics: MetricSheet?

  /// What the networks say to a batch.
  struct Result {
    /// The cross-entropy with the labels, over all views that have some.
    let labels: () -> Tensor
    /// What each term sees, in the order of the terms.
    let steps: [KnowledgeStep]
  }

  /// - Parameters:
  ///   - batch: the images as the terms' view has them.
  ///   - clock: where in the stage the step stands.
  ///   - random: the step's stream.
  /// - Returns: what the labels cost and the terms see.
  /// - Throws: what keeping answers throws.
  func run(_ batch: Batch, _ clock: TrainingClock, random: Philox) throws -> Result {
    if needsImageGradients { batch.images.setRequiresGradient(true) }
    let pass = ForwardPass(
      .training, features: terms.studentFeatures, stopsWhenFound: stopsWhenFound, random: random)
    let logits = runsStudent ? student(batch.images, pass) : .zeros(.scalar)
    let strong = strongView(batch, random)
    var answered: [TeacherStatistics: Said] = [:]
    if !terms.askTeacher {
      let nothing = Said(logits: .zeros(logits.shape), pass: ForwardPass(.evaluation))
      for term in terms { answered[term.method.teacherStatistics] = nothing }
    }
    let steps = try terms.enumerated().map { index, term in
      let statistics = term.method.teacherStatistics
      let said = try answered[statistics] ?? ask(statistics, batch, random)
      answered[statistics] = said
      return KnowledgeStep(
        student: student, teacher: teacher ?? student, batch: batch, clock: clock, studentLogits: logits,
        teacherLogits: said.logits, studentPass: pass, teacherPass: said.pass, teacherTape: said.tape, strong: strong,
        random: Philox(seed: random.seed).split(.method, clock.step << 6 | index),
        noted: metrics.map { sheet in
          { name, value in sheet.add(value, as: name, of: term.name, images: batch.labels.count) }
        })
    }
    return Result(
      labels: {
        let upright = batch.crossEntropy(logits)
        return strong.map { upright + batch.crossEntropy($0.studentLogits) } ?? upright
      }, steps: steps)
  }

  private func strongView(_ batch: Batch, _ random: Philox) -> StrongView? {
    guard !showsTeacherSecond, let images = batch.secondImages, let teacher else { return nil }
    let stream = Philox(seed: random.seed, stream: ~random.stream)
    return StrongView(
      images: images, studentLogits: student(images, ForwardPass(.training, random: stream)),
      teacherLogits: withoutRecording { teacher(images, ForwardPass(.evaluation)) })
  }

  private var needsImageGradients: Bool { terms.contains { $0.method.needsImageGradients } }

  /// What the teacher says to the images.
  private struct Said {
    let logits: Tensor
    let pass: ForwardPass
    var tape: TeacherTape?
  }

  private func ask(_ statistics: TeacherStatistics, _ batch: Batch, _ random: Philox) throws -> Said {
    guard let teacher else { preconditionFailure("StepPasses: a term asks a teacher, and there is none") }
    let wanted = terms.filter { $0.method.teacherStatistics == statistics }.teacherFeatures
    let isEvaluated = statistics == .running
    let pass = ForwardPass(
      isEvaluated ? .evaluation : .training, features: wanted, stopsWhenFound: stopsWhenFound, updatesStatistics: false,
      random: random)
    // Answers of an earlier run were given to single images: statistics of a batch are not among them.
    let keeper = isEvaluated && !stopsWhenFound ? answers : nil
    if let kept = try keeper?.answer(batch, wanted) {
      for (point, feature) in kept.features {
        pass.offer(feature, as: [point.layer], preActivation: point.isPreActivation)
      }
      return Said(logits: kept.logits, pass: pass)
    }
    if needsImageGradients, isEvaluated, keeper == nil, wanted.isEmpty {
      // One pass for the logits and for what is differentiated; features on the tape would be no constants.
      let images = batch.images.detached()
      images.setRequiresGradient(true)
      let logits = teacher(images, pass)
      return Said(logits: logits.detached(), pass: pass, tape: TeacherTape(images: images, logits: logits))
    }
    let images = (showsTeacherSecond ? batch.secondImages : nil) ?? batch.images
    let logits = withoutRecording { teacher(images, pass) }
    try keeper?.keep(TeacherAnswer(logits: logits, features: pass.features), to: batch)
    return Said(logits: logits, pass: pass)
  }
}
