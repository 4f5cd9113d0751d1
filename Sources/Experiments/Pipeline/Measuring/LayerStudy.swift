import Analysis

/// What was measured of one layer by one procedure.
struct LayerStudy {
  /// Name of the probe point.
  let layer: String
  /// How entropies were measured.
  let procedure: EntropyProcedure
  /// How maps lost what a cell's place decides.
  let position: PositionCorrection
  /// Which images were used; nil for all that could be.
  let selection: PublishedSelection?
  /// Baseline and students, maps as they were measured.
  let study: ConceptStudy
  /// The same without position.
  let adjusted: ConceptStudy
  /// The teacher alone, its maps as they were measured; nil with the published procedure.
  let teacher: ConceptStudy?
  /// The same without position.
  let adjustedTeacher: ConceptStudy?

  init(
    layer: String, procedure: EntropyProcedure = .fixedDistortion, position: PositionCorrection,
    selection: PublishedSelection? = nil, study: ConceptStudy, adjusted: ConceptStudy, teacher: ConceptStudy? = nil,
    adjustedTeacher: ConceptStudy? = nil
  ) {
    self.layer = layer
    self.procedure = procedure
    self.position = position
    self.selection = selection
    self.study = study
    self.adjusted = adjusted
    self.teacher = teacher
    self.adjustedTeacher = adjustedTeacher
  }

  /// What concepts are counted in: maps without position at fixed distortion, maps as measured where the procedure is the
  /// published one, which knows no position.
  var counted: ConceptStudy { procedure == .published ? study : adjusted }

  /// All that was measured, the teacher behind the others: maps as measured, and without position.
  var whole: (raw: ConceptStudy, adjusted: ConceptStudy) {
    func with(_ study: ConceptStudy, _ teacher: ConceptStudy?) -> ConceptStudy {
      ConceptStudy(
        images: study.images, series: study.series + (teacher?.series ?? []), thresholds: study.thresholds,
        firstEpoch: study.firstEpoch, procedure: study.procedure, bootstrap: study.bootstrap)
    }
    return (with(study, teacher), with(adjusted, adjustedTeacher))
  }

  /// Tells it from the other studies of a run, in names of files.
  var name: String {
    layer + (procedure == .published ? "-published" : "") + (selection == nil ? "" : "-selected")
  }
}
