import Analysis
import Reporting

extension ReportMaterial {
  /// What a reader must not take from this report.
  var limits: [MarkdownText] {
    var items: [MarkdownText] = [
      """
      One data set (\(recipe.data.set)), one pair of architectures, one way of training: nothing here says that other \
      data, networks or schedules would give the same.
      """
    ]
    guard recipe.analysis.measures else { return items + limitsOfSeeds + limitsOfData }
    items += [
      """
      A “concept” is a cell of a \(recipe.analysis.grid)×\(recipe.analysis.grid) grid on which small Gaussian noise \
      moves the feature more than on the background. It is not a semantic part, and nothing here shows that the \
      network uses it for its decision.
      """
    ]
    items += limitsOfSeeds
    if recipe.seeds.count >= Hypothesis.fewestSeeds, recipe.seeds.count < 10 {
      items.append(
        """
        \(recipe.seeds.count) seeds are few: the two-level bootstrap, which decides the verdicts, is too narrow when \
        seeds differ much. The table of every comparison has Student's t interval over the seeds' own differences \
        beside it; where that one contains zero, more seeds should be run before the verdict is believed.
        """)
    }
    items.append(
      """
      Learning speed is resolved by epochs, and weight distance is not time: a loss with larger gradients moves the \
      weights further, so D_mean compares losses as well as knowledge. D_mean / d_M removes that scale.
      """)
    items += limitsOfData
    for layer in studies { items += measured(layer) }
    items += results.tests.overflows
    return items
  }

  private var limitsOfSeeds: [MarkdownText] {
    guard recipe.seeds.count < Hypothesis.fewestSeeds else { return [] }
    return [
      """
      With \(recipe.seeds.count == 1 ? "one seed" : "\(recipe.seeds.count) seeds") every verdict is inconclusive at \
      best: a difference may be one of initialisations. At least \(Hypothesis.fewestSeeds) are needed.
      """
    ]
  }

  private var limitsOfData: [MarkdownText] {
    recipe.data.set == "part-shapes"
      ? ["The images are drawn by a program. They have exact masks, and little of the variety of photographs."] : []
  }

  private func measured(_ layer: LayerStudy) -> [MarkdownText] {
    // The selection is spoken of once, with the procedure.
    guard layer.selection == nil else { return [] }
    guard !layer.study.images.isEmpty else {
      return [
        """
        At \(code: layer.layer)\(manner(of: layer)) nothing was measured: no development image has cells of both object \
        and background on a \(recipe.analysis.grid)×\(recipe.analysis.grid) grid.
        """
      ]
    }
    var items = layer.procedure == .published ? [publishedMaps(layer)] : [solvedMaps(layer)]
    for result in hypotheses(layer) where result.hypothesis == .moreConcepts {
      let premise = result.premise
      items.append(
        """
        The premise H̄_bg > H̄_fg holds at the last epoch in both networks (baseline and \(result.student))\
        \(comparesProcedures ? manner(of: layer) : "") for \(premise.holding) of \(premise.images) pairs of \
        images\(premise.isMet == false ? ": too few to count concepts" : "").
        """)
    }
    return items
  }

  /// How near the maps of the published procedure came to the mean entropy at which networks are compared.
  private func publishedMaps(_ layer: LayerStudy) -> MarkdownText {
    let maps = layer.study.series.flatMap { $0.maps.flatMap { $0 } }
    let target = recipe.analysis.publishedSettings(for: recipe.student.name).target
    let gaps = maps.filter(\.isUsable).map { map in
      abs(map.entropies.reduce(0) { $0 + Double($1) } / Double(max(1, map.entropies.count)) - target)
    }.sorted()
    let middle = gaps.isEmpty ? 0 : gaps[gaps.count / 2]
    return """
      Of \(maps.count) maps at \(code: layer.layer) as published, \(maps.count { !$0.isUsable }) are invalid: the \
      feature did not answer to the first noise. The others stopped at a median of \
      \(NumberFormat.significant(middle, 2)) nats from the mean entropy \(NumberFormat.significant(target, 2)), the \
      worst at \(NumberFormat.significant(gaps.last ?? 0, 2)). Their measurement noise was not measured: there are no \
      repeats.
      """
  }

  private func solvedMaps(_ layer: LayerStudy) -> MarkdownText {
    let maps = layer.study.series.flatMap { $0.maps.flatMap { $0 } }
    let missed = maps.count { !$0.isUsable }
    let errors = maps.map(\.logDistortionError).sorted()
    let middle = errors.isEmpty ? 0 : errors[errors.count / 2]
    let noise = maps.compactMap(\.distortionError).sorted()
    let standard = noise.isEmpty ? 0 : noise[noise.count / 2]
    return """
      Of \(maps.count) maps at \(code: layer.layer), \(missed) did not reach the distortion within tolerance and are \
      left out and counted. Median |ln D/τ| as measured is \(NumberFormat.significant(middle, 2)), of which the \
      measurement's own standard error is \(NumberFormat.significant(standard, 2)).
      """
  }
}
