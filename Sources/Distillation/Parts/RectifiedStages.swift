import Models

extension Network {
  /// Where the maps at the ends of all stages can be had before and after a ReLU, shallow first: what distillation studies
  /// call `preact` and `feats`.
  ///
  /// The end of the stage; in a network whose normalisations stand before its convolutions the one that reads it (in a Wide
  /// ResNet the first of the next stage), and the plain end where no ReLU follows (linear bottlenecks).
  var rectifiedStages: [ProbePoint] {
    var found: [ProbePoint] = []
    for stage in stages {
      let behind = probePoints.drop { $0.name != stage.name }.dropFirst().first
      let reader = behind.flatMap { $0.hasRelu && $0.output == stage.output ? $0 : nil }
      let point = stage.hasRelu ? stage : reader ?? stage
      if !found.contains(where: { $0.name == point.name }) { found.append(point) }
    }
    return found
  }
}
