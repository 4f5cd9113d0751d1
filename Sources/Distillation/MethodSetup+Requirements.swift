import Models
import NeuralNetworks
import Support
import Tensors

extension MethodSetup {
  /// Refuses networks of different class counts.
  ///
  /// - Throws: ``InputError``.
  func requireEqualClasses(for entry: CatalogEntry) throws {
    let (own, other) = (student.specification.classes, teacher.specification.classes)
    guard own == other else {
      throw InputError(
        place, "\(entry.name) compares logits, but the teacher has \(other) classes and the student \(own)",
        remedy: "train both on the same classes")
    }
  }

  /// Refuses networks of other samples than images, which alone can be changed and differentiated by.
  ///
  /// - Throws: ``InputError``.
  func requireImages(for entry: CatalogEntry) throws {
    for network in [student, teacher] {
      if case .image = network.signature { continue }
      throw InputError(
        place,
        "\(entry.name) asks for gradients to images, and \(network.specification.name) takes \(network.signature)",
        remedy: "take a method of logits or vectors, such as kd or rkd")
    }
  }

  /// The layers that a method compares: those that `layers` names, or the ends of all stages.
  ///
  /// - Parameters:
  ///   - options: of a method that has ``layerOptions``.
  ///   - count: how many layers the method works with.
  ///   - lastOnly: whether the end of the last stage alone is taken where none is named.
  ///   - lastCount: how many of the last stages are taken where none is named; all unless given.
  ///   - isBeforeRelu: whether features are taken before the ReLU.
  ///   - ends: the layers that are taken where none is named; the ends of all stages unless given.
  /// - Returns: as many layers of the teacher as of the student.
  /// - Throws: ``InputError`` for a layer that does not exist or a number that does not fit.
  func layers(
    _ options: Options, _ count: ClosedRange<Int> = 1...64, lastOnly: Bool = false, lastCount: Int? = nil,
    isBeforeRelu: Bool = false, from ends: (any Network) -> [ProbePoint] = { $0.stages }
  ) throws -> LayerPairs {
    let names = options[Self.allLayers]
    let teacherNames = options[Self.teacherLayers]
    func points(_ network: any Network, _ names: [String]) throws -> [ProbePoint] {
      if !names.isEmpty { return try names.map { try network.probePoint($0, at: place) } }
      _ = try network.lastMap(at: place)
      let stages = ends(network)
      return Array(stages.suffix(lastOnly ? 1 : lastCount ?? stages.count))
    }
    let pairs = LayerPairs(
      student: try points(student, names), teacher: try points(teacher, teacherNames.isEmpty ? names : teacherNames),
      isBeforeRelu: isBeforeRelu)
    guard pairs.student.count == pairs.teacher.count else {
      throw InputError(
        place, "the student gives \(pairs.student.count) layers and the teacher \(pairs.teacher.count)",
        remedy: "name as many with layers: […] and teacher-layers: […]")
    }
    guard count.contains(pairs.student.count) else {
      throw InputError(
        place, "\(pairs.student.count) layers are named",
        remedy: count.lowerBound == count.upperBound
          ? "it takes \(count.lowerBound)" : "it takes \(count.lowerBound) to \(count.upperBound)")
    }
    return pairs
  }

  /// The options of a method that compares all stages.
  static let layerOptions = [allLayers.option, teacherLayers.option]
  /// The options of a method that compares the last stage.
  static let lastLayerOptions = [lastLayer.option, teacherLayers.option]
  /// The student's layers, as methods of all stages list them and all methods read them.
  static let allLayers = OptionKey.texts("layers", "the student's layers, shallow first; all stages unless given")
  /// The teacher's layers.
  static let teacherLayers = OptionKey.texts("teacher-layers", "the teacher's layers, where they are named otherwise")
  private static let lastLayer = OptionKey.texts(
    "layers", "the student's layers, shallow first; the last stage unless given")
}

extension Network {
  /// The end of the last stage.
  ///
  /// - Throws: ``InputError`` for a network without maps, such as one of tokens.
  func lastMap(at place: String) throws -> ProbePoint {
    guard let map = stages.last else {
      throw InputError(
        place, "\(specification.name) has no maps", remedy: "name layers that it has, or take a method of logits: kd")
    }
    return map
  }

  /// The first map, where it is not yet the end of a stage.
  var stem: ProbePoint? { probePoints.prefix(1).first { $0.output.rank == 3 && $0.name != stages.first?.name } }

  /// The vector from which the logits are made: the pooled last map, or the last hidden fully connected layer.
  var embedding: ProbePoint? {
    guard let logits = probePoints.firstIndex(where: { $0.name == layers.last?.name }) else { return nil }
    return probePoints[..<logits].last { $0.output.rank == 1 }
  }
}
