import Analysis
import Plotting
import Reporting

extension ReportMaterial {
  /// The sections after the hypotheses, in the report's order.
  var sections: [ReportSection] { [trainingSection, calibrationSection] + similaritySections + [classSection] }

  /// How the networks were trained.
  private var trainingSection: ReportSection {
    ReportSection(title: "Training", pictures: [trainingPicture] + termPictures)
  }

  /// One layer, the usual case, needs no names told apart.
  func suffix(_ layer: LayerStudy) -> String { studies.count > 1 ? "-\(layer.name)" : "" }

  /// The figures of a layer that does not decide, in the report's order; none where masks leave nothing to draw, of
  /// which the limits tell.
  func pictures(of layer: LayerStudy) -> [ReportPicture] {
    guard !layer.study.images.isEmpty else { return [] }
    let suffix = self.suffix(layer)
    if layer.selection != nil { return [publishedPicture(layer, suffix)] }
    let own =
      layer.procedure == .published
      ? [publishedPicture(layer, suffix), premisePicture(layer, suffix)]
      : [gapPicture(layer, suffix)] + profilePictures(layer, suffix)
    return [galleryPicture(layer, suffix)] + own + [
      conceptPicture(layer, suffix), thresholdPicture(layer, suffix), learningPicture(layer, suffix),
    ]
  }

  private func bands(_ layer: LayerStudy) -> MarkdownText {
    recipe.seeds.count > 1 ? "Bands: 95 % two-level bootstrap over \(recipe.seeds.count) seeds and their images." : ""
  }

  private func mainThresholdText(_ layer: LayerStudy) -> String {
    NumberFormat.significant(mainThreshold(of: layer), 2)
  }

  func galleryPicture(_ layer: LayerStudy, _ suffix: String) -> ReportPicture {
    ReportPicture(
      name: "gallery\(suffix)", figure: galleryFigure(layer),
      alternative: "Probe images with masks and entropy maps of every network at three epochs",
      caption: """
        \(lead(of: layer))Entropy maps at \(code: layer.layer), seed \(recipe.seeds.first ?? 1), as measured, each beside \
        the mean of its background: H − H̄_bg. Low cells are what the layer keeps: noise there moves the feature. The \
        colours end at the 1 and 99 % percentiles; the line is the object's outline.
        """)
  }

  func conceptPicture(_ layer: LayerStudy, _ suffix: String) -> ReportPicture {
    let removed = layer.procedure == .published ? "" : ", position removed"
    return ReportPicture(
      name: "concepts\(suffix)", figure: conceptFigure(layer),
      alternative: "Numbers of concepts on object and background and their ratio over epochs",
      caption: """
        \(lead(of: layer))Concepts over training at b = \(mainThresholdText(layer)) nats\(removed). \(bands(layer)) The cross is the \
        untrained network: its count is no knowledge.
        """)
  }

  func thresholdPicture(_ layer: LayerStudy, _ suffix: String) -> ReportPicture {
    ReportPicture(
      name: "thresholds\(suffix)", figure: thresholdFigure(layer),
      alternative: "Numbers of concepts over the threshold b",
      caption: """
        \(lead(of: layer))The same counts at the last epoch over the threshold b. A difference between networks that holds \
        along the whole curve is a finding; one that changes sign with b is not. \(bands(layer))
        """)
  }

  func learningPicture(_ layer: LayerStudy, _ suffix: String) -> ReportPicture {
    ReportPicture(
      name: "learning\(suffix)", figure: learningFigure(layer),
      alternative: "Histogram of learning epochs, weight distance over epochs, stability over the threshold",
      caption: """
        \(lead(of: layer))Left: the epoch at which an image has most concepts on the object (b = \(mainThresholdText(layer)) nats). \
        Middle: how far the weights have travelled by then; D_mean counts in this unit, so a network whose weights move \
        more has the larger D_mean at the same epoch. Right: the share of all concepts ever learned that are there at the \
        end (H3), and what measurement noise alone leaves of it.
        """)
  }

  private func premisePicture(_ layer: LayerStudy, _ suffix: String) -> ReportPicture {
    ReportPicture(
      name: "premise\(suffix)", figure: premiseFigure(layer),
      alternative: "Share of probe images in which the background's entropy is above the object's, over epochs",
      caption: """
        \(lead(of: layer))The premise of counting concepts as the paper has it: the network discards the background more than \
        the object, maps as measured. An untrained network may meet it on every image by the cells' position alone. \
        Bands: 95 % Student t over seeds.
        """)
  }

  func profilePictures(_ layer: LayerStudy, _ suffix: String) -> [ReportPicture] {
    profileFigure(layer).map { figure in
      [
        ReportPicture(
          name: "profiles\(suffix)", figure: figure,
          alternative: "Entropy that a cell's position alone gives, for every network",
          caption: """
            \(lead(of: layer))What a cell's place adds to its entropy whatever the picture shows, at \(code: layer.layer), seed \
            \(recipe.seeds.first ?? 1), by \(source(of: layer.position)). In brackets: its share of what varies within \
            those maps. It is taken out of every map.
            """)
      ]
    } ?? []
  }

  func gapPicture(_ layer: LayerStudy, _ suffix: String) -> ReportPicture {
    ReportPicture(
      name: "gap\(suffix)", figure: gapFigure(layer),
      alternative: "Gap between background and object over epochs, with position and without",
      caption: """
        \(lead(of: layer))How much more of the object than of its surroundings each network keeps, over training; epoch 0 is \
        the untrained network. Left: maps as measured; middle: without position, what H1 and H2 are judged by; right: \
        the probability that an object's cell is kept better than one beside it. Bands: 95 % Student t over seeds.
        """)
  }

  /// Which pictures the profile comes from.
  func source(of position: PositionCorrection) -> String {
    switch position {
    case .background: "\(recipe.analysis.positionImages) pictures of the same kind without an object"
    case .scrambled: "\(recipe.analysis.positionImages) training pictures with scrambled phases"
    case .fit: "least squares over the probe images"
    case .none: "nothing"
    }
  }

  private func publishedPicture(_ layer: LayerStudy, _ suffix: String) -> ReportPicture {
    ReportPicture(
      name: "published-differences\(suffix)", figure: publishedFigure(layer),
      alternative: "Paired differences between students and baseline in the quantities of the paper",
      caption: """
        \(lead(of: layer))The paper's own quantities: student − baseline, mean over seeds with its 95 % Student t interval. \
        The shaded side is the claimed one. Nothing is judged by them.
        """)
  }

  /// What tells the figures of one study from those of another, where there is more than layers to tell apart.
  private func lead(of layer: LayerStudy) -> MarkdownText {
    comparesProcedures ? "At \(code: layer.layer)\(manner(of: layer)). " : ""
  }

  private var trainingPicture: ReportPicture {
    let teacher: MarkdownText =
      switch (recipe.trainsTeacher, recipe.teacherPath) {
      case (true, _): "The teacher has one run; the others show"
      case (_, .some): "The teacher was read from a checkpoint and has no curve; the others show"
      default: "The curves are"
      }
    let stages: MarkdownText =
      recipe.students.contains { $0.schedule == .twoStage }
      ? """
       Two-stage students learn features by epoch \(recipe.training.epochs), with classifiers that are not trained yet, \
      and then, behind the line, the layers that lie behind the distilled one.
      """ : ""
    return ReportPicture(
      name: "training", figure: trainingFigure,
      alternative: "Development accuracy and loss of all networks over epochs",
      caption: """
        How the networks were trained. \(teacher) the mean over \(recipe.seeds.count) \
        seeds with 95 % Student t interval. The development split is held out of training.\(stages)
        """)
  }
}
