import Analysis
import Datasets
import Support
import Training

extension RecipeReader {
  /// The `analysis` section, or `none` in its place.
  ///
  /// - Parameters:
  ///   - root: the whole recipe.
  ///   - data: the data set.
  ///   - networks: to ask whether layers exist.
  ///   - students: those that name layers of their own decide what is measured unless `layers` is given.
  ///   - training: its length and what is kept of it.
  /// - Returns: checked, defaults filled in.
  /// - Throws: ``InputError`` at the place of what cannot be measured.
  func analysis(
    _ root: Section, _ data: DataRecipe, _ networks: TrialNetworks, _ students: [StudentRecipe],
    _ training: TrainingSettings
  ) throws -> AnalysisRecipe {
    if let node = root["analysis"], let word = node.text {
      guard word == AnalysisRecipe.noneWord else {
        throw InputError(
          node.place, "analysis is \(node.summary)", remedy: "it takes a mapping, or none to measure no concepts")
      }
      for student in students { try networks.check(layers: student.measuredLayers, at: root.place) }
      return .nothing
    }
    let section = try root.section("analysis")
    let options = try section.options(
      for: AnalysisKeys.entry, besides: ["published"] + MeasurementCatalog.all.map { $0.entry.name })

    var names = options[AnalysisKeys.layers]
    try networks.check(layers: names, at: section.place(of: AnalysisKeys.layers))
    let own = students.flatMap(\.measuredLayers).reduce(into: [String]()) { list, layer in
      if !list.contains(layer) { list.append(layer) }
    }
    if names.isEmpty { names = own.isEmpty ? [networks.defaultLayer] : own }
    if let missing = own.first(where: { !names.contains($0) }) {
      throw InputError(
        section.place(of: AnalysisKeys.layers), "a student is measured at \(missing), which is none of analysis.layers",
        remedy: "add it there, or leave analysis.layers out")
    }
    for student in students {
      let measured = student.measuredLayers.isEmpty ? names : student.measuredLayers
      try networks.check(layers: measured, deployedBy: student.terms, at: section.place(of: AnalysisKeys.layers))
    }
    guard Set(names).count == names.count else {
      throw InputError(section.place(of: AnalysisKeys.layers), "layers names one twice", remedy: "name each layer once")
    }
    let thresholds = options[AnalysisKeys.thresholds]
    guard !thresholds.isEmpty, thresholds.allSatisfy({ $0 > 0 && $0 < 100 }), Set(thresholds).count == thresholds.count
    else {
      throw InputError(
        section.place(of: AnalysisKeys.thresholds), "thresholds cannot be used",
        remedy: "it takes different positive numbers of nats, such as [0.2, 0.4]")
    }
    let grid = options[AnalysisKeys.grid]
    if let (height, width) = data.options[SharedDataOptions.size], height % grid != 0 || width % grid != 0 {
      let common: [Int] = (1...min(height, width)).filter { (side: Int) in height % side == 0 && width % side == 0 }
      let divisors = common.map { String($0) }.joined(separator: ", ")
      let pixels = height == width ? "\(height)" : "\(height)x\(width)"
      throw InputError(
        section.place(of: AnalysisKeys.grid), "grid \(grid) does not divide images of \(pixels) pixels",
        remedy: "it takes one of \(divisors)")
    }
    return AnalysisRecipe(
      layers: names, probeImages: options[AnalysisKeys.probeImages], grid: grid,
      distortion: options[AnalysisKeys.distortion],
      thresholds: thresholds.sorted(), draws: options[AnalysisKeys.draws], iterations: options[AnalysisKeys.iterations],
      procedure: options[AnalysisKeys.procedure],
      epochs: try measuredEpochs(
        options[AnalysisKeys.epochs], of: training, at: section.place(of: AnalysisKeys.epochs)),
      position: options[AnalysisKeys.position],
      positionImages: options[AnalysisKeys.positionImages],
      published: try published(section.section("published"), images: options[AnalysisKeys.probeImages]),
      further: try further(section, networks))
  }

  private func measuredEpochs(_ numbers: [Double], of training: TrainingSettings, at place: String) throws -> [Moment]?
  {
    guard !numbers.isEmpty else { return nil }
    let (asked, last) = (numbers.map { Moment($0) }, training.epochs)
    if let open = asked.first(where: { $0.wholeEpoch == nil && !training.checkpoints.contains($0) }) {
      throw InputError(
        place, "the weights at epoch \(open) are not kept", remedy: "add \(open) to training.checkpoints, or drop it")
    }
    let epochs = asked.filter { $0 >= 0 && $0 <= Moment(epoch: last) }.sorted()
    guard epochs.count == numbers.count, Set(epochs).count == epochs.count, epochs.last?.wholeEpoch == last else {
      throw InputError(
        place, "epochs cannot be used",
        remedy: "it takes different numbers from 0 to the training's \(last), that one among them")
    }
    return epochs
  }

  /// Measurements beside the concepts; `NAME: {}` takes their defaults.
  private func further(_ section: Section, _ networks: TrialNetworks) throws -> [MeasurementRecipe] {
    try MeasurementCatalog.all.compactMap { kind in
      guard let node = section[kind.entry.name] else { return nil }
      let own = try section.section(kind.entry.name)
      let options = try own.options(for: kind.entry)
      try networks.check(kind, options) { own[$0]?.place ?? node.place }
      return MeasurementRecipe(name: kind.entry.name, options: options)
    }
  }

  private func published(_ section: Section, images: Int) throws -> PublishedRecipe {
    let options = try section.options(for: PublishedKeys.entry)
    let candidates = options[PublishedKeys.candidates] ?? images
    guard candidates >= images else {
      throw InputError(
        section.place(of: PublishedKeys.candidates), "\(candidates) candidates for \(images) images",
        remedy: "ask at least as many as probe-images")
    }
    return PublishedRecipe(
      candidates: candidates, draws: options[PublishedKeys.draws], steps: options[PublishedKeys.steps],
      extraSteps: options[PublishedKeys.extraSteps], validFrom: options[PublishedKeys.validFrom])
  }
}
