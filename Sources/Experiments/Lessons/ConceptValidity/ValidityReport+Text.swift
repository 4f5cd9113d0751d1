import Analysis
import Reporting
import Statistics

extension ValidityReport {
  /// The question, first.
  var question: MarkdownText {
    """
    **Question.** An entropy map says which cells of an image a layer keeps. Does it find what the network *uses*? Here \
    the truth is known: in each picture lie two parts, A and B, with four variants each that are drawn independently. \
    From the same pictures, network a learned A's variant and network b that of B. If the instrument is right, the maps \
    of a show A and not B, those of b show B and not A.
    """
  }

  private var bar: String { NumberFormat.significant(DissociationStudy.bar, 2) }

  /// What came out, in one paragraph that can be quoted.
  var answer: MarkdownText {
    let clauses = lesson.levels.compactMap { level -> MarkdownText? in
      guard let study = result(level, .trained)?.study else { return nil }
      let word = MarkdownText(markdown: "**\(study.verdict.word)**")
      var reason: MarkdownText = ""
      if case .notTestable(let why) = study.verdict { reason = " (\(why))" }
      return "\(level.title): \(word)\(reason), index \(study.index.map { NumberFormat.estimate($0) } ?? "–")"
    }
    return """
      **Answer.** \(MarkdownText(markdown: clauses.map(\.markdown).joined(separator: "; "))). The index is the mean \
      advantage in average precision of each part in the network that uses it: 1 where every map is its network's own \
      part, 0 where both networks' maps are alike. The instrument passes where the lower end of the index's interval \
      lies above \(bar).
      """
  }

  /// What the rows of the second table are for.
  var ways: MarkdownText {
    """
    The trained networks of the first level (\(lesson.levels[0].title)), measured in other ways, one change at a time. \
    What passes in all of them does not hang on the settings of the instrument.
    """
  }

  /// What a reader must not take from this report.
  var limits: [MarkdownText] {
    let (all, failed) = material.maps
    var items: [MarkdownText] = [
      """
      Drawn pictures, one small network, parts that do not touch: on photographs, where what a network uses is not \
      known, the instrument may do better or worse.
      """,
      """
      A network may use pixels beside its part: an outline has two sides. Such cells count as misses.
      """,
      """
      Untrained and half-trained networks are shown, not judged. Which parts an untrained network's features answer to is \
      a lottery over contrast and colours, the same for both networks of a seed, since they begin alike: their index is 0.
      """,
      "Of \(all) maps of parts, \(failed) did not reach their distortion within tolerance and count in no mean.",
    ]
    if lesson.levels.contains(.partShapes) {
      items.append(
        """
        In PartShapes the wheels lie on the body's edge, in the same places of every car, and differ from the body in \
        size and contrast: its index is not to be compared with that of the glyphs, which are alike in all of that.
        """)
    }
    if lesson.seeds.count < DissociationStudy.fewestSeeds {
      items.append(
        """
        With \(lesson.seeds.count == 1 ? "one seed" : "\(lesson.seeds.count) seeds") nothing is judged; at least \
        \(DissociationStudy.fewestSeeds) are needed.
        """)
    }
    return items
  }

  private var passes: String {
    lesson.levels.map { "\(lesson.training(at: $0).epochs) epochs (\($0.rawValue))" }.joined(separator: ", ")
  }

  /// How it was done.
  var method: [MarkdownText] {
    let options = lesson.options
    return [
      """
      Pictures: glyphs on 32×32 pixels, each a third as wide, at random places on grainy ground, nine of 25 fields \
      inked in every shape; “two colours”: A reddish and B greenish, of one brightness; “one colour”: both of one that is \
      drawn for every picture. PartShapes: 32×32 pixels, cars and trucks, large, on grainy textures, A the pattern of \
      the body, B that of the wheels. \(options[ConceptValidity.train]) training pictures, the same for both networks.
      """,
      """
      Networks: \(options[ConceptValidity.model].rawValue), \(passes) of Adam, cosine schedule; a and b of one seed \
      begin with the same weights and see the pictures in the same order. A level is judged if every network has at least \
      \(NumberFormat.percent(ConceptValidity.solvedAccuracy, decimals: 0)) of the development pictures right. \
      Half-trained: the epoch whose accuracy is nearest to the middle between chance and the end.
      """,
      """
      Maps: \(code: lesson.mainLayer) behind its ReLU, 16×16 cells, τ = \
      \(NumberFormat.significant(options[ConceptValidity.distortion], 2)), of up to \(options[ConceptValidity.probeImages]) \
      development pictures that show at least \(ConceptValidity.fewestCells) cells of each part; without what a cell's \
      position alone decides, by \(options[ConceptValidity.positionImages]) pictures without parts. As published: the \
      procedure of Cheng et al. (CVPR 2020), maps as it gives them, of up to four pictures.
      """,
      """
      Index: ½ [AP_A(a) − AP_A(b) + AP_B(b) − AP_B(a)], AP the average precision of −entropy as a score of “the cell shows \
      the part”, mean over pictures within a seed; 95 % Student t interval over seeds.
      """,
    ]
  }
}
