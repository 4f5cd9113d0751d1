import Analysis
import Plotting
import Reporting

extension ReportMaterial {
  /// The figures before the sections, in the report's order.
  var pictures: [ReportPicture] { studies.flatMap { pictures(of: $0) } + [trainingPicture] + termPictures }

  /// The sections after the figures, in the report's order.
  var sections: [ReportSection] { [calibrationSection] + similaritySections + [classSection] }

  /// One layer, the usual case, needs no names told apart.
  func suffix(_ layer: LayerStudy) -> String { studies.count > 1 ? "-\(layer.name)" : "" }

  private func pictures(of layer: LayerStudy) -> [ReportPicture] {
    // Masks that leave no image to measure leave nothing to draw; the limits say so.
    guard !layer.study.images.isEmpty else { return [] }
    let suffix = self.suffix(layer)
    if layer.selection != nil { return [publishedPicture(layer, suffix)] }
    let lead = lead(of: layer)
    let seeds = recipe.seeds.count
    let band = seeds > 1 ? "Bands: 95 % two-level bootstrap over \(seeds) seeds and their images." : ""
    let threshold = NumberFormat.significant(mainThreshold(of: layer), 2)
    let removed = layer.procedure == .published ? "" : ", position removed"
    return [
      ReportPicture(
        name: "gallery\(suffix)", figure: galleryFigure(layer),
        alternative: "Probe images with masks and entropy maps of every network at three epochs",
        caption: """
          \(lead)Entropy maps at \(code: layer.layer), seed \(recipe.seeds.first ?? 1), all on one scale. Dark cells are what \
          the layer keeps: noise there moves the feature. Bright cells it has discarded. The line is the object's \
          outline. Look for maps that are dark on the object and bright beside it, and for how early they become so.
          """)
    ] + (layer.procedure == .published ? [publishedPicture(layer, suffix)] : gapPictures(layer, suffix)) + [
      ReportPicture(
        name: "concepts\(suffix)", figure: conceptFigure(layer),
        alternative: "Numbers of concepts on object and background and their ratio over epochs",
        caption: """
          \(lead)Concepts over training at b = \(threshold) nats\(removed). \(MarkdownText(plain: band)) The cross is the \
          untrained network: its count is no knowledge.
          """),
      ReportPicture(
        name: "thresholds\(suffix)", figure: thresholdFigure(layer),
        alternative: "Numbers of concepts over the threshold b",
        caption: """
          \(lead)The same counts at the last epoch over the threshold b. A difference between networks that holds along the \
          whole curve is a finding; one that changes sign with b is not. \(MarkdownText(plain: band))
          """),
      ReportPicture(
        name: "learning\(suffix)", figure: learningFigure(layer),
        alternative: "Histogram of learning epochs, weight distance over epochs, stability over the threshold",
        caption: """
          \(lead)Left: the epoch at which an image has most concepts on the object (b = \(threshold) nats); early and narrow \
          is what H2 claims. Middle: how far the weights have travelled by then; D_mean counts in this unit, so a \
          network whose weights move more has the larger D_mean at the same epoch. Right: the share of all concepts \
          ever learned that are there at the end (H3), and what measurement noise alone leaves of it.
          """),
      ReportPicture(
        name: "premise\(suffix)", figure: premiseFigure(layer),
        alternative: "Share of probe images in which the background's entropy is above the object's, over epochs",
        caption: """
          \(lead)The premise of counting concepts as the paper has it: the network discards the background more than the \
          object, maps as measured. An untrained network may meet it on every image by the cells' position alone. \
          Bands: 95 % Student t over seeds.
          """),
    ]
  }

  /// What decides H1 to H3, directly below the answers.
  var primaryPicture: [ReportPicture] {
    guard let primary, !primary.study.images.isEmpty else { return [] }
    return [
      ReportPicture(
        name: "differences", figure: primaryFigure(primary),
        alternative: "Differences between students and baseline in the three quantities that decide H1 to H3",
        caption: """
          What H1 to H3 are judged by at \(code: primary.layer): student − baseline, mean over seeds with its 95 % \
          Student t interval, one dot for each seed. The shaded side is the claimed one. A cross is not decided.
          """)
    ]
  }

  private func gapPictures(_ layer: LayerStudy, _ suffix: String) -> [ReportPicture] {
    let profile = profileFigure(layer).map { figure in
      ReportPicture(
        name: "profiles\(suffix)", figure: figure,
        alternative: "Entropy that a cell's position alone gives, for every network",
        caption: """
          \(lead(of: layer))What a cell's place adds to its entropy whatever the picture shows, at \(code: layer.layer), seed \
          \(recipe.seeds.first ?? 1), by \(source(of: layer.position)). In brackets: its share of what varies within \
          those maps. It is taken out of every map.
          """)
    }
    return [
      ReportPicture(
        name: "gap\(suffix)", figure: gapFigure(layer),
        alternative: "Gap between background and object over epochs, with position and without",
        caption: """
          \(lead(of: layer))How much more of the object than of its surroundings each network keeps, over training; epoch 0 is \
          the untrained network. Left: maps as measured; middle: without position, what H1 and H2 are judged by; right: \
          the probability that an object's cell is kept better than one beside it. Bands: 95 % Student t over seeds.
          """)
    ] + [profile].compactMap { $0 }
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
