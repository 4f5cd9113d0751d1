import Analysis
import Support

/// One checkpoint of one network to be measured on one set of pictures.
struct MeasuringJob {
  /// What is shown to the network.
  enum Pictures {
    /// The probe images.
    case probe
    /// Pictures without an object, by which maps lose what a cell's place decides.
    case position
  }

  let role: String
  let seed: Int
  let layer: String
  let procedure: EntropyProcedure
  let epoch: Moment
  /// 0, or the number of a repeat with other draws.
  var number = 0
  var pictures = Pictures.probe

  /// The network whose maps these are: of one seed all begin with the same weights.
  var source: String { epoch == 0 ? RoleName.baseline : role }

  /// Name of the file of maps.
  var file: String {
    "epoch-\(epoch)" + (number > 0 ? "-again-\(number)" : "") + (pictures == .position ? "-position" : "")
  }

  /// Seed of its noise. At fixed distortion every checkpoint, repeat and set of pictures has noise of its own, so that what
  /// two checkpoints have in common is no noise; the published procedure draws one noise for all checkpoints.
  var noise: UInt64 {
    let part = epoch.wholeEpoch.map { UInt64($0 + 1) } ?? (1 << 28 | UInt64((epoch.epochs * 4096).rounded()))
    let checkpoint = procedure == .published ? 0 : part
    return checkpoint << 32 | (pictures == .position ? 1 << 31 : 0) | UInt64(number + 1)
  }

  /// The same checkpoint on other pictures.
  func showing(_ pictures: Pictures) -> MeasuringJob {
    var job = self
    job.pictures = pictures
    return job
  }
}

extension Measurements {
  /// The checkpoints of one network that are measured on the probe images: those of every measured epoch, then, to know
  /// what ρ would be if nothing changed, the last one again with other draws; the published procedure has no such repeats,
  /// and the teacher is measured at its end alone.
  func probeJobs(_ role: String, seed: Int, layer: String, _ procedure: EntropyProcedure) -> [MeasuringJob] {
    func job(_ epoch: Moment, _ number: Int = 0) -> MeasuringJob {
      MeasuringJob(role: role, seed: seed, layer: layer, procedure: procedure, epoch: epoch, number: number)
    }
    guard role != RoleName.teacher else { return [job(Moment(epoch: teacherEpoch))] }
    let repeats = procedure == .published ? 0 : max(1, recipe.learningEpochs(procedure).count) - 1
    return recipe.measuredEpochs(procedure).map { job($0) }
      + (0..<repeats).map { job(Moment(epoch: recipe.training.epochs), $0 + 1) }
  }

  /// Whether a job has a profile of position: with the published procedure only the untrained and the finished network,
  /// which are told of with position removed.
  func hasProfile(_ job: MeasuringJob, _ correction: PositionCorrection) -> Bool {
    correction.needsPictures
      && (job.procedure == .fixedDistortion || job.epoch == 0 || job.epoch.wholeEpoch == recipe.training.epochs)
  }

  /// All that is measured of one network: each checkpoint on the probe images and, where they are needed, on pictures
  /// without an object.
  func jobs(_ role: String, seed: Int, layer: String, _ procedure: EntropyProcedure) throws -> [MeasuringJob] {
    let correction = try positionCorrection()
    return probeJobs(role, seed: seed, layer: layer, procedure).flatMap { job in
      hasProfile(job, correction) ? [job, job.showing(.position)] : [job]
    }
  }

  /// The epoch under which the teacher's maps stand; one that was read from a file has none of its own.
  var teacherEpoch: Int { recipe.teacherEpochs > 0 ? recipe.teacherEpochs : recipe.training.epochs }

  /// The networks that are measured at a layer, with their seeds: baseline and students of every seed and, at fixed
  /// distortion, the teacher.
  func measuredNetworks(at layer: String, _ procedure: EntropyProcedure) -> [(role: String, seed: Int)] {
    let roles = recipe.roles(at: layer)
    return comparedNetworks.filter { roles.contains($0.role) }
      + (procedure == .fixedDistortion && recipe.asksTeacher ? [(role: RoleName.teacher, seed: firstSeed)] : [])
  }
}
