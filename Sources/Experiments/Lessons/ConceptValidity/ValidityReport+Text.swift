import Analysis
import Datasets
import Reporting
import Statistics

extension ValidityReport {
  /// The question, first.
  var question: MarkdownText {
    """
    **Question.** A “visual concept” is a cell of an image on which noise moves a network's feature more than on the \
    background (Cheng et al., CVPR 2020). Do such cells lie where the knowledge is? Here the truth is known: \
    \(lesson.specification.name) was trained on part-shapes with the variant of one part as label \
    (\(code: "label: \(part)")); everything else in an image – the object, its other parts, the texture – says \
    nothing about it. If the instrument is right, the concepts of a trained network lie on the \(part), more than \
    those of an untrained one, and more than chance.
    """
  }

  private func verdict(_ measure: String, _ rival: String) -> ValidityComparison? {
    comparisons(of: measure).first { $0.rival == rival }
  }

  private func clause(_ rival: String) -> String {
    guard let found = verdict(mainMeasure.rawValue, rival) else { return "" }
    let difference = found.difference.estimate.map { NumberFormat.estimate($0) } ?? "undefined"
    return "\(found.verdict.relation) \(rival) (\(difference))"
  }

  /// What came out, in one paragraph that can be quoted.
  var answer: MarkdownText {
    let rivals = study.networks.filter { $0 != "trained" } + [ValidityComparison.chance]
    let own = study.estimate("trained", layer: lesson.mainLayer, mainMeasure.value).estimate
    let clauses = rivals.map(clause).filter { !$0.isEmpty }.joined(separator: "; ")
    return """
      **Answer.** The trained networks classify \(NumberFormat.percent(accuracy)) of the development images correctly \
      (chance \(NumberFormat.percent(lesson.chanceAccuracy, decimals: 0))). Their maps at \(code: lesson.mainLayer) find the \
      cells of the \(part) with an average precision of \(own.map { NumberFormat.estimate($0) } ?? "–"). By that \
      number the trained network is \(clauses). \(conclusion)
      """
  }

  /// Mean over seeds of the final development accuracy.
  private var accuracy: Estimate {
    studentInterval(of: material.trainings.map(\.accuracy), over: "seeds", within: QuantityRange.share)
      ?? Estimate(.nan, count: 0, method: "")
  }

  private var conclusion: MarkdownText {
    let untrained = verdict(mainMeasure.rawValue, "untrained")?.verdict
    let chance = verdict(mainMeasure.rawValue, ValidityComparison.chance)?.verdict
    if study.seeds.count < PairedClaim.fewestSeeds {
      return """
        With \(study.seeds.count == 1 ? "one seed" : "\(study.seeds.count) seeds") nothing can be concluded; at least \
        \(PairedClaim.fewestSeeds) are needed.
        """
    }
    switch (untrained, chance) {
    case (.beats, .beats):
      return "On this task the instrument passes: training moves concepts onto the part that the label depends on."
    case (_, .beats):
      return """
        **On this task the instrument does not pass**: the maps know more than chance where the \(part) is, but an \
        untrained network's do so too, so training is not where this comes from.
        """
    default:
      return """
        **On this task the instrument does not pass**: where the trained network's concepts lie is not better than \
        chance at finding the \(part).
        """
    }
  }

  /// What explains the verdicts.
  var reasons: [MarkdownText] {
    let layer = lesson.mainLayer
    func number(_ network: String, _ measure: ValidityScores.Measure) -> String {
      study.estimate(network, layer: layer, measure.value).estimate.map { NumberFormat.estimate($0) } ?? "–"
    }
    var items: [MarkdownText] = [
      """
      This part, or just the object? Among the cells of the object alone, a cell of the \(part) has a lower entropy \
      than one of another part with probability \(number("trained", .areaOnObject)) (trained), \
      \(number("untrained", .areaOnObject)) (untrained), \(number("shuffled labels", .areaOnObject)) (shuffled \
      labels); 0.5 is chance. Over all cells it is \(number("trained", .area)), \(number("untrained", .area)) and \
      \(number("shuffled labels", .area)).
      """,
      """
      Resolution: a cell beside the \(part) counts as a miss. If cells that touch it count too, average precision is \
      \(number("trained", .averagePrecisionNearby)) (trained), \(number("untrained", .averagePrecisionNearby)) \
      (untrained), where chance is \(tolerantChance).
      """,
    ]
    if study.layers.count > 1 {
      let parts = study.layers.map { layer in
        let value = study.estimate("trained", layer: layer, mainMeasure.value).estimate
        return "\(layer) \(value.map { NumberFormat.estimate($0) } ?? "–")"
      }
      items.append(
        """
        Depth: average precision of the trained network by layer: \(parts.joined(separator: ", ")). Deeper features \
        see more of the image (a cell of \(code: "layer3") has a receptive field of most of the 32 pixels), and have \
        thrown away more.
        """)
    }
    items.append(
      """
      What an untrained network does: its features follow contrast, so that noise on any textured or high-contrast \
      cell moves them alike. Shuffled labels train the same weights for as long with nothing to find: what the \
      trained network has beyond them is due to the label.
      """)
    return items
  }

  private var tolerantChance: String {
    NumberFormat.significant(
      mean(of: study.cells.compactMap(ValidityScores.Measure.averagePrecisionNearby.chance)) ?? 0, 2)
  }

  /// What a reader must not take from this report.
  var limits: [MarkdownText] {
    let missed = study.runs.flatMap(\.maps).count { !$0.isUsable }
    var items: [MarkdownText] = [
      """
      Position: the close-up puts the part near the middle, and cells at the border keep least in every network (padding, \
      and few windows that see them). A network that knows nothing of the label profits from that beyond chance: compare \
      with the untrained network and with shuffled labels, which have the same advantage, and not with chance alone.
      """,
      """
      Drawn pictures, one small network, one part: on photographs the instrument may do better or worse. What is \
      tested is whether it can point at a part whose role is known.
      """,
      """
      A network may use pixels beside the \(part): its outline is made of both sides, and so is the size of what it \
      covers. Such cells count as misses (the line with one cell of tolerance says how much that matters).
      """,
      """
      Of \(study.runs.reduce(0) { $0 + $1.maps.count }) maps, \(missed) did not reach their distortion within \
      tolerance and count in no mean.
      """,
    ]
    if lesson.seeds.count < 10 {
      items.append(
        """
        \(lesson.seeds.count) seeds are few: the two-level bootstrap, which decides the verdicts, is too narrow when \
        seeds differ much. Where Student's t interval over seeds beside it contains zero, run more before you believe a \
        verdict.
        """)
    }
    return items
  }

  /// How it was done.
  var method: [MarkdownText] {
    let options = lesson.options
    let halves = material.trainings.map { training -> String in
      let epoch = training.halfEpoch(chance: lesson.chanceAccuracy)
      return "\(epoch) (\(NumberFormat.percent(training.history.epochs[epoch - 1].developmentAccuracy)))"
    }
    return [
      """
      Data: part-shapes, 32×32, label: variant of the \(part) \
      (\((lesson.part.variants ?? []).joined(separator: ", "))); texture independent of the label; clutter \
      \(NumberFormat.significant(options.number("clutter"), 2)), pose \
      \(NumberFormat.significant(options.number("pose"), 2)), magnified \
      \(NumberFormat.significant(options.number("close-up"), 2)) times about the part; \(options.integer("train")) \
      training images.
      """,
      """
      Networks: \(lesson.specification.name), \(lesson.settings.epochs) epochs of Adam, cosine schedule. \
      Half-trained: the epoch whose development accuracy is nearest to the middle between chance and the end: epochs \
      \(halves.joined(separator: ", ")) by seed. Shuffled labels: the same start, images and order, the training \
      labels permuted. A seed below \(NumberFormat.percent(lesson.solvedAccuracy)) accuracy would have ended the \
      lesson.
      """,
      """
      Maps: \(MarkdownText(plain: options.text("procedure"))), 16×16 cells, τ = \
      \(NumberFormat.significant(options.number("distortion"), 2)); \(study.images.count) development images, evenly \
      over the labels, in which the part, other parts and the background each have at least \
      \(ConceptValidity.fewestCells) cells; \(material.maps) maps in all. A cell shows the part if at least half of \
      its pixels do.
      """,
      """
      Intervals: 95 % two-level bootstrap over seeds and images. *Beats*: the interval of the paired difference lies \
      above zero; *does not beat*: below; else *inconclusive*, as with fewer than \(PairedClaim.fewestSeeds) seeds. \
      Chance of average precision is its mean over all orders of the cells, which is above the part's share of the \
      cells (\(NumberFormat.percent(chanceShare))).
      """,
    ]
  }
}
