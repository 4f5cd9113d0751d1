import NeuralNetworks
import Support
import Training

extension Recipe {
  /// The recipe with every default written out, in one spelling: reading it gives an equal recipe.
  ///
  /// Its bytes are what the recipe's hash is taken of.
  public var canonicalYAML: String { document.yaml }

  /// What ``canonicalYAML`` is the text of.
  public var document: DocumentNode {
    .map([
      "name": .text(name),
      "data": .map([.init(key: "set", value: .text(data.set))] + data.options.members),
      "teacher": teacher?.document,
      "teachers": teachers.isEmpty
        ? nil : .map(teachers.map { DocumentNode.Member(key: $0.name, value: $0.teacher.document) }),
      "student": .map(student.members),
      "students": .map(students.map { DocumentNode.Member(key: $0.name, value: $0.document) }),
      // Left out where there are none, so that recipes from before them keep their hash.
      "assistants": assistants.isEmpty
        ? nil : .map(assistants.map { DocumentNode.Member(key: $0.name, value: $0.document) }),
      "training": training.document,
      "analysis": analysis.document,
      "seeds": .list(seeds.map { .number(Double($0)) }),
      "threads": threads.map { .number(Double($0)) } ?? .text("all"),
    ])
  }
}

extension Options {
  fileprivate var members: [DocumentNode.Member] {
    values.sorted { $0.key < $1.key }.map { DocumentNode.Member(key: $0.key, value: DocumentNode($0.value)) }
  }
}

extension ModelRecipe {
  fileprivate var members: [DocumentNode.Member] { [.init(key: "model", value: .text(name))] + options.members }
}

extension TeacherRecipe {
  fileprivate var document: DocumentNode {
    let source: DocumentNode.Member =
      if let checkpoint {
        .init(key: "checkpoint", value: .text(checkpoint))
      } else {
        .init(key: "epochs", value: .number(Double(epochs)))
      }
    let stated = accuracy.map { [DocumentNode.Member(key: "accuracy", value: .number($0))] } ?? []
    let seen = normalization.map { [DocumentNode.Member(key: "normalization", value: .text($0))] } ?? []
    let place = key.map { [DocumentNode.Member(key: "key", value: .text($0))] } ?? []
    return .map(model.members + [source] + place + stated + seen)
  }
}

extension StudentRecipe {
  fileprivate var document: DocumentNode {
    guard case .map(let own) = ownDocument else { return ownDocument }
    return .map((model?.members ?? []) + own)
  }

  private var ownDocument: DocumentNode {
    .map([
      "teacher": lesson?.document,
      "labels": schedule == .joint ? .map(["weight": .number(labelWeight)]) : nil,
      "schedule": .text(schedule.rawValue),
      "classifier-epochs": classifierEpochs > 0 ? .number(Double(classifierEpochs)) : nil,
      // Left out where it is the default, so that recipes from before it keep their hash.
      "budget": budget == .total ? .text(budget.rawValue) : nil,
      "apart": isApart ? .flag(true) : nil,
      "teacher-view": teacherView == .same ? nil : .text(teacherView.rawValue),
      "omit": omitted.isEmpty ? nil : .list(omitted.map { .text($0) }),
      "measure": measuredLayers.isEmpty ? nil : .list(measuredLayers.map { .text($0) }),
      "distillation": .list(
        terms.map { term in
          let head: [DocumentNode.Member] = [
            .init(key: "method", value: .text(term.method)), .init(key: "weight", value: .number(term.weight)),
          ]
          return .map(head + term.options.members)
        }),
    ])
  }
}

extension StudentRecipe.Lesson {
  fileprivate var document: DocumentNode {
    guard let epoch else { return .text(by ?? RoleName.teacher) }
    return .map(["by": by.map { .text($0) }, "epoch": .number(epoch.epochs)])
  }
}

extension TrainingSettings {
  fileprivate var document: DocumentNode {
    .map([
      "epochs": .number(Double(epochs)),
      "batch": .number(Double(batch)),
      "optimizer": .text(rule.rawValue),
      "learning-rate": .number(schedule.base),
      "momentum": rule == .sgd || rule == .dot ? .number(momentum) : nil,
      "delta": delta.map { .number($0) },
      "nesterov": rule == .sgd ? .flag(isNesterov) : nil,
      "weight-decay": .number(weightDecay),
      "warm-up": .number(schedule.warmUp),
      "clip-norm": clipNorm.map { .number($0) },
      // Left out where nothing is compared, so that recipes from before it keep their hash.
      "gradients": gradientSteps > 0 ? .number(Double(gradientSteps)) : nil,
      "checkpoints": checkpoints.isEmpty ? nil : .list(checkpoints.map { .number($0.epochs) }),
      "keep": keep == .all ? nil : .text(keep.rawValue),
      "schedule": schedule.shape.document,
    ])
  }
}

extension LearningRateSchedule.Shape {
  var document: DocumentNode {
    switch self {
    case .constant: .map(["kind": .text("constant")])
    case .cosine: .map(["kind": .text("cosine")])
    case .step(let interval, let factor):
      .map(["kind": .text("step"), "every": .number(Double(interval)), "factor": .number(factor)])
    case .exponential(let factor): .map(["kind": .text("exponential"), "factor": .number(factor)])
    case .polynomial(let power): .map(["kind": .text("polynomial"), "power": .number(power)])
    case .plateau(let rule):
      .map([
        "kind": .text("plateau"), "factor": .number(rule.factor), "patience": .number(Double(rule.patience)),
        "threshold": .number(rule.threshold), "cooldown": .number(Double(rule.cooldown)),
        "minimum-rate": .number(rule.minimumRate),
      ])
    case .multiStep(let milestones, let factor):
      .map([
        "kind": .text("multi-step"), "at": .list(milestones.map { .number(Double($0)) }), "factor": .number(factor),
      ])
    }
  }
}

extension AnalysisRecipe {
  var document: DocumentNode {
    guard measures else { return .text(AnalysisRecipe.noneWord) }
    let concepts: DocumentNode = .map([
      "layers": .list(layers.map { .text($0) }),
      "probe-images": .number(Double(probeImages)),
      "grid": .number(Double(grid)),
      "distortion": .number(distortion),
      "thresholds": .list(thresholds.map { .number($0) }),
      "draws": .number(Double(draws)),
      "iterations": .number(Double(iterations)),
      "procedure": .text(procedure.rawValue),
      "epochs": epochs.map { .list($0.map { .number($0.epochs) }) },
      "position": position.map { .text($0.rawValue) },
      // None stand in the neutral settings, which the hash of trainings is taken of.
      "position-images": positionImages > 0 ? .number(Double(positionImages)) : nil,
      "published": procedure == .fixedDistortion ? nil : published.document,
    ])
    guard case .map(let members) = concepts else { return concepts }
    return .map(members + further.map { DocumentNode.Member(key: $0.name, value: .map($0.options.members)) })
  }
}

extension PublishedRecipe {
  fileprivate var document: DocumentNode {
    .map([
      "candidates": .number(Double(candidates)), "draws": .number(Double(draws)), "steps": .number(Double(steps)),
      "extra-steps": .number(Double(extraSteps)), "valid-from": .number(validFrom),
    ])
  }
}
