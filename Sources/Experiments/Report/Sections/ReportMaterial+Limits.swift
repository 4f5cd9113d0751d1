import Analysis
import Reporting
import Statistics
import Support

extension ReportMaterial {
  /// What a reader must not take from this report.
  var limits: [MarkdownText] {
    var items: [MarkdownText] = [
      """
      One data set (\(recipe.data.set)), one pair of architectures, one way of training: nothing here says that other \
      data, networks or schedules would give the same.
      """
    ]
    items += limitsOfTeacher
    guard recipe.analysis.measures else { return items + limitsOfSeeds + limitsOfData }
    items += [
      """
      A “concept” is a cell of a \(recipe.analysis.grid)×\(recipe.analysis.grid) grid on which small Gaussian noise \
      moves the feature more than on the background. It is not a semantic part, and nothing here shows that the \
      network uses it for its decision.
      """
    ]
    items += limitsOfSeeds
    if recipe.seeds.count >= PairedClaim.fewestSeeds, recipe.seeds.count < 8 {
      items.append(
        """
        \(recipe.seeds.count) seeds find large differences only: “inconclusive” is not “no difference”. What each \
        comparison could have shown stands beside it.
        """)
    }
    items.append(
      """
      Learning is resolved by \(recipe.training.checkpoints.isEmpty ? "whole epochs" : "the measured moments"), and weight distance is not time: a loss with larger gradients moves the \
      weights further, so D_mean compares losses as well as knowledge. Its two parts stand in the table of comparisons.
      """)
    items += limitsOfData
    for layer in studies { items += measured(layer) }
    items += results.tests.overflows
    return items
  }

  private var limitsOfTeacher: [MarkdownText] {
    guard recipe.teacherPath != nil else { return [] }
    let found = results.tests.first { $0.role == RoleName.teacher }.map {
      " Here it classifies \(NumberFormat.percent($0.accuracy)) of the test images correctly."
    }
    return [
      """
      The teacher was read from a file, which does not tell the images that it was trained on. It may have seen \
      development and test images of this run, and pictures of another quality or preparation.\(found ?? "")
      """
    ]
  }

  private var limitsOfSeeds: [MarkdownText] {
    guard recipe.seeds.count < PairedClaim.fewestSeeds else { return [] }
    return [
      """
      With \(recipe.seeds.count == 1 ? "one seed" : "\(recipe.seeds.count) seeds") nothing is testable: a difference \
      may be one of initialisations. At least \(PairedClaim.fewestSeeds) are needed.
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
    return layer.procedure == .published ? [publishedMaps(layer)] : [solvedMaps(layer)]
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
