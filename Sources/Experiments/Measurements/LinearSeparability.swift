import Analysis
import Datasets
import Models
import NeuralNetworks
import Plotting
import Reporting
import Statistics
import Support
import Tensors

/// How much of the classes a linear classifier reads off a layer while the network learns (Alain & Bengio, "Understanding
/// intermediate layers using linear classifier probes", 2017): softmax regression on standardised features, averaged over
/// positions, fitted on training images and judged on test images.
struct LinearSeparability: RunMeasurement {
  /// `linear`.
  static let entry = CatalogEntry(
    "linear", "how well a linear classifier reads the classes off layers, over training",
    options: [
      OptionDescription("layers", .texts, "layers of the students' network; all ends of stages unless given"),
      OptionDescription(
        "images", .integer(10...100_000), default: .number(1000), "at most so many training images that it is fitted on"
      ),
      OptionDescription("penalty", .number(1e-8...1e3), default: .number(0.01), "weight of half the squared norm"),
    ])

  private let layers: [String]
  private let images: Int
  private let penalty: Double

  init(_ options: Options, _ student: any Network, place: (String) -> String) throws {
    let named = options.texts("layers")
    for layer in named { _ = try student.probePoint(layer, at: place("layers")) }
    guard Set(named).count == named.count else {
      throw InputError(place("layers"), "layers names one twice", remedy: "name each layer once")
    }
    layers = named.isEmpty ? student.stages.map(\.name) : named
    (images, penalty) = (options.integer("images"), options.number("penalty"))
  }

  /// The images that it is fitted on, and those that it is judged by.
  func images(of data: DataSplits) -> Int { min(images, data.train.count) + data.test.count }

  /// The share of test images that is right, for each layer; NaN where the network has no such layer.
  func measure(_ network: any Network, _ stage: MeasurementStage) throws -> [Double] {
    let data = try stage.data()
    let train = data.train.spread(images)
    let classes = data.train.classes.count
    let known = layers.filter { layer in network.probePoints.contains { $0.name == layer } }
    func features(_ set: ImageSet) throws -> [Tensor] {
      let maker = BatchMaker(set, normalization: data.normalization, augmentation: nil, seed: 0)
      return try FeatureRows.pooled(network, at: known, count: set.count) { indices in
        try Interrupt.check()
        return maker.images(indices)
      }
    }
    let rows = Dictionary(
      uniqueKeysWithValues: zip(known, zip(try features(train), try features(data.test))).map { ($0, $1) })
    return try layers.map { layer in
      guard let (fitted, asked) = rows[layer] else { return .nan }
      let scale = FeatureScale(of: fitted)
      let problem = SoftmaxRegression(
        scale.standardised(fitted), labels: train.labels.map(Int.init), classes: classes, penalty: penalty)
      let fit = try problem.fit { try Interrupt.check() }
      let logits = SoftmaxRegression.logits(scale.standardised(asked), fit)
      return Predictions(logits: logits, labels: data.test.labels.map(Int.init), classes: classes).accuracy
    }
  }

  func section(_ values: [MeasuredCheckpoint: [Double]], _ stage: MeasurementStage) -> ReportSection {
    let recipe = stage.recipe
    func estimate(_ role: String, _ layer: Int, _ moment: Moment) -> Estimate? {
      let found = values.filter { $0.key.role == role && $0.key.moment == moment }.map { $0.value[layer] }
      return studentInterval(of: found.filter(\.isFinite), over: "seeds", within: QuantityRange.share)
    }
    func gain(_ student: String, _ layer: Int, _ moment: Moment) -> Estimate? {
      func value(_ role: String, _ seed: Int) -> Double? {
        values[MeasuredCheckpoint(role: role, seed: seed, moment: moment)]?[layer]
      }
      let pairs = recipe.seeds.compactMap { seed in
        value(student, seed).flatMap { own in value(RoleName.baseline, seed).map { 100 * (own - $0) } }
      }
      return studentInterval(of: pairs.filter(\.isFinite), over: "seeds")
    }
    let end = Moment(epoch: recipe.training.epochs)
    let roles = (recipe.asksTeacher ? [RoleName.teacher] : []) + stage.studentRoles
    let students = recipe.students.map(\.name)
    var numbers = ReportTable(
      [.init("Layer")] + roles.map { .init("\($0) (%)", .right) }
        + students.map { .init("\($0) − baseline (points)", .right) },
      caption: """
        Test images that a linear classifier has right from features of the finished networks, averaged over positions and \
        standardised; softmax regression with penalty \(NumberFormat.significant(penalty, 2)) on at most \(images) training \
        images. Mean over seeds with 95 % Student t interval; differences are paired by seed and not corrected.
        """, name: "linear")
    for (place, layer) in layers.enumerated() {
      let cells = roles.map { role in
        MarkdownText(plain: estimate(role, place, end).map { NumberFormat.estimate($0, scale: 100) } ?? "–")
      }
      numbers.append([MarkdownText(code: layer)] + cells + students.map { MarkdownText(of: gain($0, place, end)) })
    }
    let panels = layers.enumerated().map { place, layer in
      let lines = stage.studentRoles.enumerated().map { index, role -> Mark in
        let curve = recipe.measuredEpochs(.fixedDistortion).map { (x: $0.epochs, y: estimate(role, place, $0)) }
        return .line(Line(role, curve, look: index == 0 ? RoleLook.baseline : RoleLook.student(index - 1)))
      }
      let teacher =
        estimate(RoleName.teacher, place, end).map { [Mark.horizontalRule($0.value, label: "teacher")] } ?? []
      return Panel.chart(
        Chart(title: layer, x: Axis("epoch", isWholeNumbers: true), y: Axis("share right"), marks: lines + teacher))
    }
    let picture = ReportPicture(
      name: "linear", figure: Figure(width: Figure.twoColumns, panels: [panels]),
      alternative: "Accuracy of linear classifiers on each layer over epochs",
      caption: """
        How early each layer can be read: share of test images that a linear classifier has right from the layer's \
        features. Epoch 0 is the untrained network, from which much can be read already. Bands: 95 % Student t over seeds.
        """)
    return ReportSection(
      title: "What a linear classifier reads off the layers", before: [.table(numbers)], pictures: [picture],
      files: [DataFolder.File("linear", "One row per network, seed, epoch and layer.", table(values))])
  }

  private func table(_ values: [MeasuredCheckpoint: [Double]]) -> Table {
    var table = Table([
      Table.Column("role", .text, "Which network: teacher, baseline, or the name of a student."),
      Table.Column("seed", .integer, "Seed of its training."),
      Table.Column("epoch", .moment, unit: "epochs", "Moment of its training; 0 is the initialisation."),
      Table.Column("layer", .text, "Whose features, averaged over positions."),
      Table.Column("accuracy", .number, "Share of test images that the classifier has right."),
    ])
    let order = values.keys.sorted { ($0.role, $0.seed, $0.moment) < ($1.role, $1.seed, $1.moment) }
    for checkpoint in order {
      for (layer, accuracy) in zip(layers, values[checkpoint] ?? []) {
        table.append([
          .text(checkpoint.role), .integer(checkpoint.seed), Cell(checkpoint.moment), .text(layer),
          accuracy.isFinite ? .number(accuracy) : .empty,
        ])
      }
    }
    return table
  }
}
