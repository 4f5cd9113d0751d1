import Analysis

/// How far a network was trained.
package enum PartsStage: String, CaseIterable, Sendable {
  case untrained
  case halfTrained = "half-trained"
  case trained
}

/// One way of measuring, and of what.
package struct PartsSetting: Sendable, Equatable {
  /// What differs from the lesson's own way; empty for that.
  package var change = ""
  package var stage = PartsStage.trained
  package var layer: String
  package var isBeforeReLU = false
  package var distortion: Double
  package var grid = ConceptValidity.grid
  package var procedure = EntropyProcedure.fixedDistortion
  /// Whether what a cell's place alone decides is taken out.
  package var isAdjusted = true

  package init(layer: String, distortion: Double) {
    self.layer = layer
    self.distortion = distortion
  }

  /// Tells the files of maps apart.
  var file: String {
    "\(stage.rawValue)-\(procedure.rawValue)-\(grid)-\(distortion)\(isBeforeReLU ? "-before-relu" : "")"
  }
}

extension ConceptValidity {
  /// What is measured at a level: the lesson's own way at every stage of training and every layer and, at the first
  /// level, other ways.
  func settings(at level: PartsLevel) -> [PartsSetting] {
    let own = PartsSetting(layer: mainLayer, distortion: options[Self.distortion])
    func changed(_ change: String, _ apply: (inout PartsSetting) -> Void) -> PartsSetting {
      var setting = own
      setting.change = change
      apply(&setting)
      return setting
    }
    var all = [own]
    for stage in [PartsStage.halfTrained, .untrained] {
      var setting = own
      setting.stage = stage
      all.append(setting)
    }
    guard level == levels[0] else { return all }
    all += layers.dropLast().reversed().map { layer in changed("at \(layer)") { $0.layer = layer } }
    guard hasVariants else { return all }
    return all + [
      changed("before the ReLU") { $0.isBeforeReLU = true }, changed("τ halved") { $0.distortion /= 2 },
      changed("τ doubled") { $0.distortion *= 2 }, changed("8×8 cells") { $0.grid = 8 },
      changed("position not removed") { $0.isAdjusted = false },
      changed("as published (Cheng et al.)") {
        $0.procedure = .published
        $0.isAdjusted = false
      },
    ]
  }
}
