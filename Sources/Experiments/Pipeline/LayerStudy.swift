import Analysis

/// What was measured of one layer by one procedure.
struct LayerStudy {
  /// Name of the probe point.
  let layer: String
  /// How entropies were measured.
  let procedure: EntropyProcedure
  /// Which images were used; nil for all that could be.
  let selection: PublishedSelection?
  let study: ConceptStudy

  init(
    layer: String, procedure: EntropyProcedure = .fixedDistortion, selection: PublishedSelection? = nil,
    study: ConceptStudy
  ) {
    self.layer = layer
    self.procedure = procedure
    self.selection = selection
    self.study = study
  }

  /// Tells it from the other studies of a run, in names of files.
  var name: String {
    layer + (procedure == .published ? "-published" : "") + (selection == nil ? "" : "-selected")
  }
}
