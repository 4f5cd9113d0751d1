import Analysis
import Experiments
import Foundation
import NeuralNetworks
import Support
import Testing
import Training

@Suite("A recipe")
struct RecipeReadingTests {
  @Test("needs data, teacher, student and one term; the rest has defaults")
  func defaults() throws {
    let recipe = try read(minimal())
    #expect(recipe.name == "small")
    #expect(recipe.data.set == "part-shapes")
    #expect(recipe.data.options.values["train"] == .number(10_000))
    #expect(recipe.teacher?.model.name == "resnet20")
    #expect(recipe.teacher?.epochs == 30)
    #expect(recipe.teacher?.checkpoint == nil)
    #expect(recipe.students.map(\.name) == ["student"])
    #expect(recipe.students[0].labelWeight == 1)
    #expect(recipe.students[0].terms[0].weight == 1)
    #expect(recipe.students[0].terms[0].options.values["temperature"] == .number(4))
    #expect(recipe.training.rule == .sgd)
    #expect(recipe.training.schedule.base == 0.05)
    #expect(recipe.training.momentum == 0.9)
    #expect(recipe.training.schedule.shape == .cosine)
    #expect(recipe.analysis.layers == ["layer3"])
    #expect(recipe.analysis.thresholds == [0.1, 0.2, 0.4, 0.8])
    #expect(recipe.seeds == [1])
    #expect(recipe.threads == nil)
  }

  @Test("reads what it writes of as many seeds as it takes", arguments: [1, 120, 150, 1_000])
  func seeds(_ count: Int) throws {
    let text = minimal("seeds:\n" + (1...count).map { "- \($0 * 1_000)\n" }.joined())
    let recipe = try Recipe.read(yaml: text, at: "r.yaml", vocabulary: .standard)
    #expect(recipe.seeds.count == count)
    #expect(try Recipe.read(yaml: recipe.canonicalYAML, at: "again", vocabulary: .standard) == recipe)
  }

  @Test(
    "leaves labels out where a method does not use them, unless they are given a weight",
    arguments: [("", 0.0), ("labels: { weight: 0.25 }", 0.25)])
  func withoutLabels(_ line: String, _ expected: Double) throws {
    let text = minimal(line, distillation: "[ { method: simkd, factor: 2 } ]")
    let recipe = try Recipe.read(yaml: text, at: "r.yaml", vocabulary: .standard)
    #expect(recipe.students[0].labelWeight == expected)
    #expect(recipe.students[0].terms[0].options.values["factor"] == .number(2))
  }

  @Test("refuses to measure a student where it has no layer any more")
  func deployedLayers() throws {
    let text = """
      name: small
      data: { set: part-shapes }
      teacher: { model: resnet20 }
      student: { model: alexnet }
      distillation: [ { method: simkd } ]
      analysis: { layers: [LAYER] }
      """
    let (kept, gone) = ("features.10", "classifier.1")
    let vocabulary = Vocabulary.standard
    #expect(throws: Never.self) {
      try Recipe.read(yaml: text.replacing("LAYER", with: kept), at: "r.yaml", vocabulary: vocabulary)
    }
    let error = #expect(throws: InputError.self) {
      try Recipe.read(yaml: text.replacing("LAYER", with: gone), at: "r.yaml", vocabulary: vocabulary)
    }
    #expect(error?.description.hasPrefix("r.yaml:6:21: alexnet-simkd has no layer 'classifier.1'; ") == true)
  }

  @Test("keeps every value that is written")
  func values() throws {
    let recipe = try read(
      """
      name: all.of_it-1
      data: { set: part-shapes, train: 500, development: 20, texture-correlation: 0.3, label: head, flip: true }
      teacher: { model: vgg11, dropout: 0.25, epochs: 7 }
      student: { model: resnet14 }
      labels: { weight: 0.1 }
      schedule: joint
      distillation:
        - { method: kd, temperature: 2.5, weight: 9e-1 }
      training:
        epochs: 20
        batch: 32
        learning-rate: 0.1
        momentum: 0.8
        nesterov: true
        weight-decay: 0
        warm-up: 0.5
        clip-norm: 5
        schedule: { kind: multi-step, at: [10, 15], factor: 0.2 }
      analysis: { layers: [layer2, layer3.1], probe-images: 8, grid: 8, distortion: 0.2, thresholds: [0.4, 0.2], draws: 4, iterations: 8 }
      seeds: [3, 1]
      threads: 2
      """)
    #expect(recipe.name == "all.of_it-1")
    #expect(recipe.data.options.values["texture-correlation"] == .number(0.3))
    #expect(recipe.data.options.values["flip"] == .flag(true))
    #expect(recipe.data.options.values["label"] == .text("head"))
    #expect(recipe.teacher?.model.options.values["dropout"] == .number(0.25))
    #expect(recipe.teacher?.epochs == 7)
    #expect(recipe.students[0].labelWeight == 0.1)
    #expect(
      recipe.students[0].terms == [
        try read(minimal(distillation: "[ { method: kd, temperature: 2.5, weight: 0.9 } ]")).students[0].terms[0]
      ])
    #expect(recipe.training.batch == 32)
    #expect(recipe.training.isNesterov)
    #expect(recipe.training.clipNorm == 5)
    #expect(
      recipe.training.schedule
        == LearningRateSchedule(base: 0.1, shape: .multiStep(at: [10, 15], factor: 0.2), warmUp: 0.5))
    #expect(recipe.analysis.layers == ["layer2", "layer3.1"])
    #expect(recipe.analysis.thresholds == [0.2, 0.4])
    #expect(recipe.analysis.draws == 4 && recipe.analysis.iterations == 8 && recipe.analysis.probeImages == 8)
    #expect(recipe.seeds == [3, 1])
    #expect(recipe.threads == 2)
  }

  @Test("compares several named students in one run, in the order in which they are written")
  func students() throws {
    let recipe = try read(
      """
      name: garments
      data: { set: part-shapes }
      teacher: { model: resnet20 }
      student: { model: resnet8 }
      students:
        logits: { labels: { weight: 0.1 }, distillation: [ { method: kd, weight: 0.9 } ], schedule: joint }
        features: { distillation: [ { method: feature-l2, layers: [layer2, layer2], weight: 5 } ] }
      seeds: 3
      """)
    #expect(recipe.students.map(\.name) == ["logits", "features"])
    #expect(recipe.students.map(\.labelWeight) == [0.1, 1])
    #expect(recipe.students[1].terms[0].options.values["layers"] == .list([.text("layer2"), .text("layer2")]))
    #expect(recipe.seeds == [1, 2, 3])
  }

  @Test("knows adam and adamw, which have no momentum", arguments: [TrainingSettings.Rule.adam, .adamw])
  func adam(_ rule: TrainingSettings.Rule) throws {
    let training = try read(minimal("training: { optimizer: \(rule.rawValue) }")).training
    #expect(training.rule == rule)
    #expect(training.schedule.base == 0.001)
    #expect(training.momentum == 0)
  }

  @Test(
    "knows schedules of every kind, and stretches each to a longer training",
    arguments: [
      ("plateau", .plateau(PlateauRule()), .plateau(PlateauRule(patience: 30))),
      (
        "plateau, factor: 0.5, patience: 2, threshold: 0.01, cooldown: 3, minimum-rate: 1e-5",
        .plateau(PlateauRule(factor: 0.5, patience: 2, threshold: 0.01, cooldown: 3, minimumRate: 1e-5)),
        .plateau(PlateauRule(factor: 0.5, patience: 6, threshold: 0.01, cooldown: 9, minimumRate: 1e-5))
      ),
      ("step, every: 4", .step(every: 4, factor: 0.1), .step(every: 12, factor: 0.1)),
      ("polynomial", .polynomial(power: 1), .polynomial(power: 1)),
      ("polynomial, power: 0.9", .polynomial(power: 0.9), .polynomial(power: 0.9)),
      ("exponential, factor: 0.125", .exponential(factor: 0.125), .exponential(factor: 0.5)),
      ("constant", .constant, .constant),
    ] as [(String, LearningRateSchedule.Shape, LearningRateSchedule.Shape)])
  func schedules(_ text: String, _ shape: LearningRateSchedule.Shape, _ stretched: LearningRateSchedule.Shape) throws {
    let training = try read(minimal("training: { epochs: 10, schedule: { kind: \(text) } }")).training
    #expect(training.schedule.shape == shape)
    #expect(training.stretched(to: 30).schedule.shape == stretched)
  }

  @Test("stretches warm-up and milestones to a teacher that trains longer")
  func stretching() throws {
    let training = try read(
      minimal("training: { epochs: 10, warm-up: 1, schedule: { kind: multi-step, at: [5, 8] } }")
    ).training.stretched(to: 30)
    #expect(training.epochs == 30)
    #expect(training.schedule.warmUp == 3)
    #expect(training.schedule.shape == .multiStep(at: [15, 24], factor: 0.1))
  }

  @Test("takes words in quotes, and words that look like numbers where a word is wanted")
  func words() throws {
    #expect(try read(minimal().replacing("name: small", with: "name: \"2024\"")).name == "2024")
    #expect(try read(minimal().replacing("name: small", with: "name: 2024")).name == "2024")
    let data = try read(minimal().replacing("{ set: part-shapes }", with: "{ set: fashion, path: 2024 }")).data
    #expect(data.options.values["path"] == .text("2024"))
  }

  @Test("applies its quick section before --set, and only when asked")
  func quick() throws {
    let text = minimal("quick: { training.epochs: 2, seeds: 2, distillation.0.temperature: 8 }")
    let whole = try read(text)
    #expect(whole.training.epochs == 30 && whole.name == "small")
    let short = try read(text, set: ["seeds=1"], quick: true)
    #expect(short.training.epochs == 2 && short.name == "small-quick" && short.seeds == [1])
    #expect(short.students[0].terms[0].options.values["temperature"] == .number(8))
  }

  @Test(
    "takes texts from the command line with their blanks, signs and quotes",
    arguments: [
      ("/my pictures/Größe 1", "/my pictures/Größe 1"), ("/a #1", "/a #1"), ("  /a b\t", "/a b"),
      ("\"/a: b #2\"", "/a: b #2"), ("'/a: b'", "/a: b"), ("it's", "it's"), ("C:\\x y", "C:\\x y"), ("a=b", "a=b"),
    ])
  func quotedTexts(_ written: String, _ expected: String) throws {
    let recipe = try read(minimal(), set: ["data.set=fashion", " data.path =\(written)"])
    #expect(recipe.data.options.values["path"] == .text(expected))
  }

  @Test(
    "can be changed value by value",
    arguments: [
      ("training.epochs=5", "epochs: 5"), ("data.label=head", "label: head"),
      ("distillation.0.weight=0.5", "weight: 0.5"),
      ("analysis.layers=[layer1, layer2]", "layers: [layer1, layer2]"),
      ("training.schedule.kind=constant", "kind: constant"),
      ("labels.weight=2", "weight: 2"), ("name=other", "name: other"),
      ("training.schedule={kind: multi-step, at: [3]}", "at: [3]"),
    ])
  func overrides(_ override: String, _ line: String) throws {
    let plain = try read(minimal()).canonicalYAML
    let changed = try read(minimal(), set: [override]).canonicalYAML
    #expect(!plain.contains(line))
    #expect(changed.contains(line))
  }

  @Test(
    "written out in full reads back equal, and is written the same again",
    arguments: [
      minimal(), minimal("training: { optimizer: adam, clip-norm: 1e-5 }\nthreads: 3\nseeds: [5, 2]"),
      minimal("training: { schedule: { kind: multi-step, at: [3, 9], factor: 0.3333333333333333 } }"),
      minimal("training: { optimizer: adamw, schedule: { kind: plateau, patience: 3, cooldown: 1 } }"),
      minimal("training: { schedule: { kind: step, every: 7 } }"),
      minimal("training: { schedule: { kind: exponential } }"),
      minimal("training: { schedule: { kind: polynomial, power: 2 } }"),
      minimal("analysis: { thresholds: [1e-3, 0.1] }").replacing("name: small", with: "name: 'yes'"),
      minimal().replacing("{ set: part-shapes }", with: "{ set: fashion, path: \"a b\\\\c\\\"d\\té: [x] # y\" }"),
      Recipe.example,
    ])
  func canonical(_ yaml: String) throws {
    let recipe = try read(yaml)
    let text = recipe.canonicalYAML
    let again = try read(text)
    #expect(again == recipe)
    #expect(again.canonicalYAML == text)
  }

  @Test("has a canonical spelling that this one pins")
  func canonicalSpelling() throws {
    let text = try read(minimal("seeds: 2")).canonicalYAML
    #expect(
      text == """
        name: small
        data:
          set: part-shapes
          development: 1000
          flip: false
          label: class
          size: 32
          texture-correlation: 0
          train: 10000
        teacher:
          model: resnet20
          epochs: 30
        student:
          model: resnet8
        students:
          student:
            labels:
              weight: 1
            schedule: joint
            distillation:
              - method: kd
                weight: 1
                temperature: 4
        training:
          epochs: 30
          batch: 64
          optimizer: sgd
          learning-rate: 0.05
          momentum: 0.9
          nesterov: false
          weight-decay: 0.0005
          warm-up: 0
          schedule:
            kind: cosine
        analysis:
          layers: [layer3]
          probe-images: 64
          grid: 16
          distortion: 0.1
          thresholds: [0.1, 0.2, 0.4, 0.8]
          draws: 16
          iterations: 32
          procedure: fixed-distortion
          position-images: 24
        seeds: [1, 2]
        threads: all

        """)
  }

  @Test("that is built in is the example, whole and quick")
  func builtIn() throws {
    let whole = try Recipe.builtIn(vocabulary: .standard)
    #expect(whole == (try Recipe.read(yaml: Recipe.example, at: "example", vocabulary: .standard)))
    #expect(whole.name == "partshapes")
    let quick = try Recipe.builtIn(vocabulary: .standard, quick: true)
    #expect(quick.name == "partshapes-quick")
    #expect(quick.training.epochs < whole.training.epochs)
  }

  @Test("is named after its file, which may begin with a byte order mark")
  func file() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).v2.yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data([0xEF, 0xBB, 0xBF] + minimal().replacing("name: small\n", with: "").utf8).write(to: file)
    let recipe = try Recipe.read(from: file.path, vocabulary: smallVocabulary)
    #expect(recipe.name == file.deletingPathExtension().lastPathComponent)
  }

  /// A two-stage student with lines of its own.
  private static func twoStage(_ layer: String, _ lines: String = "", model: String = "resnet8", more: String = "")
    -> String
  {
    """
    name: stages
    data: { set: part-shapes }
    teacher: { model: \(model) }
    student: { model: \(model) }
    students:
      a: { schedule: two-stage, \(lines)distillation: [ { method: feature-l2, layers: [\(layer)] } ] }
      b: { distillation: [ { method: kd } ] }
    training: { epochs: 9 }
    \(more)
    """
  }

  @Test("knows two-stage students: how long their second stage is, and where they are measured")
  func stages() throws {
    let recipe = try read(Self.twoStage("layer2"))
    #expect(recipe.students.map(\.schedule) == [.twoStage, .joint])
    #expect(recipe.students.map(\.classifierEpochs) == [6, 0])
    #expect(recipe.students.map(\.labelWeight) == [0, 1])
    let own = try read(Self.twoStage("layer2", "classifier-epochs: 2, measure: [layer2], "))
    #expect(own.students[0].classifierEpochs == 2)
    // Where a student names its layers, they are what is measured unless analysis.layers says more.
    #expect(own.analysis.layers == ["layer2"])
    for recipe in [recipe, own] { #expect(try read(recipe.canonicalYAML) == recipe) }
    let logits = try read(Self.twoStage("fc3", model: "vgg11, width: 0.0625, hidden: 8"))
    #expect(logits.students[0].classifierEpochs == 0)
    #expect(try read(logits.canonicalYAML) == logits)
  }

  @Test(
    "refuses stages that cannot be",
    arguments: [
      (twoStage("fc3", "classifier-epochs: 2, "), "nothing lies behind fc3 that a second stage could train; drop"),
      (twoStage("layer2", "labels: { weight: 1 }, "), "labels have no weight in a two-stage student; drop it"),
      (twoStage("layer2", "measure: [layer4], "), "resnet8 has no layer 'layer4'; "),
      (
        twoStage("layer2", "measure: [layer2], ", more: "analysis: { layers: [layer3] }"),
        "a student is measured at layer2, which is none of analysis.layers; add it"
      ),
    ])
  func impossibleStages(_ text: String, _ expected: String) throws {
    let text = text.contains("fc3") ? text.replacing("resnet8", with: "vgg11, width: 0.0625, hidden: 8") : text
    let line = try #require(refusal(text))
    #expect(line.contains(expected))
  }

  @Test("knows the published procedure and the epochs that are measured")
  func published() throws {
    let plain = try read(minimal())
    #expect(plain.analysis.procedure == .fixedDistortion && plain.analysis.epochs == nil)
    let recipe = try read(
      minimal(
        """
        training: { epochs: 15 }
        analysis: { probe-images: 8, procedure: both, epochs: [15, 0, 3], published: { candidates: 20, draws: 24 } }
        """))
    #expect(recipe.analysis.epochs == [0, 3, 15])
    let published = recipe.analysis.published
    #expect(published.candidates == 20 && published.draws == 24 && published.steps == 60)
    #expect(published.extraSteps == 20 && published.validFrom == 0.2667)
    #expect(try read(recipe.canonicalYAML) == recipe)
    // The untrained network is measured at fixed distortion whatever the recipe says, and never twice.
    #expect(recipe.measuredEpochs(.fixedDistortion) == [0, 3, 15] && recipe.measuredEpochs(.published) == [0, 3, 15])
  }

  @Test(
    "measures few epochs unless it says which, dense at the beginning; as published all",
    arguments: [
      (1, [0, 1]), (6, [0, 1, 2, 3, 4, 5, 6]), (7, [0, 1, 2, 3, 5, 7]), (30, [0, 1, 2, 4, 8, 15, 30]),
      (150, [0, 1, 3, 7, 20, 55, 150]),
    ])
  func defaultEpochs(_ last: Int, _ expected: [Int]) throws {
    let recipe = try read(minimal("training: { epochs: \(last) }"))
    #expect(recipe.measuredEpochs(.fixedDistortion).map(\.wholeEpoch) == expected)
    #expect(recipe.measuredEpochs(.published).map(\.wholeEpoch) == Array(0...last))
  }

  @Test("knows how maps lose what position decides, and refuses another way")
  func position() throws {
    let plain = try read(minimal())
    #expect(plain.analysis.position == nil && plain.analysis.positionImages == 24)
    let recipe = try read(minimal("analysis: { position: scrambled, position-images: 8 }"))
    #expect(recipe.analysis.position == .scrambled && recipe.analysis.positionImages == 8)
    #expect(try read(recipe.canonicalYAML) == recipe)
    let line = try #require(refusal(minimal("analysis: { position: centre }")))
    #expect(line.contains("it takes one of background, scrambled, fit, none"), "\(line)")
  }
}
