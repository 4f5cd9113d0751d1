import Analysis
import Plotting
import Reporting
import Statistics
import Training

extension ValidityReport {
  /// Colour, dash and marker of a network, the same in all figures.
  func look(_ network: String) -> Look {
    switch ConceptValidity.Role(rawValue: network) {
    case .untrained: Look(color: RoleLook.reference.color, dash: [1.5, 1.5], marker: .cross)
    case .halfTrained: RoleLook.student(3)
    case .trained: RoleLook.student(0)
    case .shuffled, nil: RoleLook.baseline
    }
  }

  /// A network's line over the threshold.
  private func curve(_ network: String, _ value: (Double) -> ValidityEstimate) -> Mark {
    .line(Line(network, ConceptStudy.curveThresholds.map { (x: $0, y: value($0).estimate) }, look: look(network)))
  }

  /// Share of all cells that show the part, mean over the probe images.
  var chanceShare: Double {
    mean(of: study.cells.map { Double($0.count(.informative)) / Double($0.regions.count) }) ?? 0
  }

  /// Precision and recall over the threshold, and against each other.
  var thresholdFigure: Plotting.Figure {
    let layer = lesson.mainLayer
    let axis = Axis("threshold b / nats")
    let chance = Mark.horizontalRule(chanceShare, label: "chance")
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(
              title: "Precision", x: axis, y: Axis("share of the concepts on the part", startsAtZero: true),
              marks: study.networks.map { network in
                curve(network) { study.share(network, layer, .informative, at: $0) }
              } + [chance])),
          .chart(
            Chart(
              title: "Recall", x: axis, y: Axis("share of the part's cells", startsAtZero: true),
              marks: study.networks.map { network in
                curve(network) { study.recall(network, layer, .informative, at: $0) }
              })),
          .chart(
            Chart(
              title: "Precision over recall", x: Axis("recall", startsAtZero: true),
              y: Axis("precision", startsAtZero: true),
              marks: study.networks.map { network in
                .line(
                  Line(
                    nil,
                    points: ConceptStudy.curveThresholds.compactMap { b in
                      guard let recall = study.recall(network, layer, .informative, at: b).estimate,
                        let precision = study.share(network, layer, .informative, at: b).estimate
                      else { return nil }
                      return Point(recall.value, precision.value)
                    }, look: look(network)))
              } + [chance])),
        ]
      ])
  }

  /// Every network's threshold-free numbers, a row each.
  var scoreFigure: Plotting.Figure {
    func panel(_ measure: ValidityScores.Measure, _ title: String, chance: Double) -> Panel {
      let rows = study.layers.reversed().flatMap { layer in
        study.networks.compactMap { network -> Intervals.Row? in
          guard let estimate = study.estimate(network, layer: layer, measure.value).estimate else { return nil }
          let name = study.layers.count > 1 ? "\(network), \(layer)" : network
          return .init(name, value: estimate.value, interval: Interval(estimate), look: look(network))
        }
      }
      return .chart(
        Chart(
          title: title, x: Axis("mean over images"), y: Axis(""),
          marks: [.intervals(Intervals(rows: rows, look: look("trained"), reference: chance))]))
    }
    let chance = mean(of: study.cells.compactMap(mainMeasure.chance)) ?? 0
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          panel(.averagePrecision, "Average precision", chance: chance),
          panel(.area, "AUROC, all cells", chance: 0.5),
        ],
        [
          panel(
            .averagePrecisionNearby, "Average precision, ±1 cell",
            chance: mean(of: study.cells.compactMap(ValidityScores.Measure.averagePrecisionNearby.chance)) ?? 0),
          panel(.areaOnObject, "AUROC, cells of the object", chance: 0.5),
        ],
      ], rowHeight: 30 + 5 * Double(study.networks.count * study.layers.count), showsLegend: false)
  }

  /// The trained network minus its rivals.
  var differenceFigure: Plotting.Figure {
    func panel(_ measure: String, _ title: String) -> Panel {
      let rows = comparisons.filter { $0.measure == measure }.compactMap { comparison -> Intervals.Row? in
        guard let estimate = comparison.difference.estimate else { return nil }
        let name = study.layers.count > 1 ? "\(comparison.rival), \(comparison.layer)" : comparison.rival
        return .init(name, value: estimate.value, interval: Interval(estimate), look: look(comparison.rival))
      }
      return .chart(
        Chart(
          title: title, x: Axis("trained − rival"), y: Axis(""),
          marks: [.intervals(Intervals(rows: rows, look: look("trained")))]))
    }
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          panel(mainMeasure.rawValue, "Average precision"),
          panel(shareMeasure, "Precision at b = \(ConceptValidity.mainThreshold)"),
        ]
      ], rowHeight: 30 + 5 * Double(4 * study.layers.count), showsLegend: false)
  }

  /// Where concepts lie, beside where cells lie.
  var placeFigure: Plotting.Figure {
    let layer = lesson.mainLayer
    let b = ConceptValidity.mainThreshold
    let series = study.networks.map { network in
      let estimates = PartRegion.allCases.map { study.share(network, layer, $0, at: b).estimate }
      return Bars.Series(
        network, values: estimates.map { $0?.value ?? .nan },
        errors: estimates.map { $0.map(Interval.init) ?? .unknown },
        look: look(network))
    }
    let cells = PartRegion.allCases.map { region in
      mean(of: study.cells.map { Double($0.count(region)) / Double($0.regions.count) }) ?? 0
    }
    let all = Bars.Series("all cells (chance)", values: cells, look: Look(color: RoleLook.teacher.color, marker: .none))
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(
              title: "Where the concepts lie, b = \(b) nats", x: Axis(""), y: Axis("share of an image's concepts"),
              marks: [
                .bars(
                  Bars(
                    categories: PartRegion.allCases.map { $0 == .informative ? part : $0.rawValue },
                    series: series + [all]))
              ]))
        ]
      ])
  }

  /// Rank correlations under changes that should make no difference.
  var robustnessFigure: Plotting.Figure {
    let rows = material.checks.compactMap { check -> Intervals.Row? in
      guard let estimate = study.estimate(check.correlations).estimate else { return nil }
      return .init("\(check.factor): \(check.change)", value: estimate.value, interval: Interval(estimate))
    }
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(
              title: "Agreement of an image's map with itself, measured differently",
              x: Axis("Spearman's rank correlation", startsAtZero: true), y: Axis(""),
              marks: [.intervals(Intervals(rows: rows, look: look("trained"), reference: 1))]))
        ]
      ], rowHeight: 30 + 5 * Double(rows.count), showsLegend: false)
  }

  /// Development accuracy of both trainings.
  var trainingFigure: Plotting.Figure {
    func curve(_ network: String, _ history: (ValidityTraining) -> TrainingHistory) -> Mark {
      let histories = material.trainings.map(history)
      let epochs = histories.first?.epochs.indices ?? 0..<0
      return .line(
        Line(
          network,
          epochs.map { index in
            (
              x: Double(index + 1),
              y: studentInterval(
                of: histories.map { $0.epochs[index].developmentAccuracy }, over: "seeds", within: QuantityRange.share)
            )
          }, look: look(network)))
    }
    let halves = material.trainings.map { training -> Point in
      let epoch = training.halfEpoch(chance: lesson.chanceAccuracy)
      return Point(Double(epoch), training.history.epochs[epoch - 1].developmentAccuracy)
    }
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(
              title: "Development accuracy, label: variant of the \(part)", x: Axis("epoch", isWholeNumbers: true),
              y: Axis("share of images", range: 0...1),
              marks: [
                curve("trained") { $0.history }, curve("shuffled labels") { $0.shuffled },
                .points(Points("half-trained", points: halves, look: look("half-trained"))),
                .horizontalRule(lesson.chanceAccuracy, label: "chance"),
                .horizontalRule(lesson.solvedAccuracy, label: "needed"),
              ]))
        ]
      ])
  }
}
