import Models
import Support

extension RecipeReader {
  /// The `analysis` section.
  func analysis(_ section: Section, _ data: DataRecipe, _ layers: LayerCheck) throws -> AnalysisRecipe {
    let options = try section.options(for: RecipeKeys.analysis)
    func place(_ key: String) -> String { section[key]?.place ?? section.place }

    var names = options.texts("layers")
    try layers.check(names, of: .student, at: place("layers"))
    if names.isEmpty { names = [try layers.lastMap(at: place("layers"))] }
    guard Set(names).count == names.count else {
      throw InputError(place("layers"), "layers names one twice", remedy: "name each layer once")
    }
    let thresholds = options.numbers("thresholds")
    guard !thresholds.isEmpty, thresholds.allSatisfy({ $0 > 0 && $0 < 100 }), Set(thresholds).count == thresholds.count
    else {
      throw InputError(
        place("thresholds"), "thresholds cannot be used",
        remedy: "it takes different positive numbers of nats, such as [0.2, 0.4]")
    }
    let grid = options.integer("grid")
    if let size = data.options.numberIfGiven("size").map({ Int($0) }), size % grid != 0 {
      let divisors = (1...size).filter { size % $0 == 0 }.map(String.init).joined(separator: ", ")
      throw InputError(
        place("grid"), "grid \(grid) does not divide images of \(size) pixels", remedy: "it takes one of \(divisors)")
    }
    return AnalysisRecipe(
      layers: names, probeImages: options.integer("probe-images"), grid: grid, distortion: options.number("distortion"),
      thresholds: thresholds.sorted(), draws: options.integer("draws"), iterations: options.integer("iterations"),
      procedure: AnalysisRecipe.Procedure(rawValue: options.text("procedure")) ?? .fixedDistortion)
  }
}

/// Checks names of layers against the networks of a recipe.
struct LayerCheck {
  /// Whose layers are meant.
  enum Owner {
    case student
    case both
  }

  private let teacher: (model: String, points: [ProbePoint])
  private let student: (model: String, points: [ProbePoint])

  init(_ vocabulary: Vocabulary, teacher: ModelRecipe, student: ModelRecipe) throws {
    self.student = (student.name, try vocabulary.layers(student))
    self.teacher = teacher == student ? self.student : (teacher.name, try vocabulary.layers(teacher))
  }

  /// - Throws: ``InputError`` that names the nearest layer.
  func check(_ names: [String], of owner: Owner, at place: String) throws {
    for name in names {
      for network in owner == .both ? [student, teacher] : [student] {
        let known = network.points.map(\.name)
        if !known.contains(name) {
          throw InputError(place, "\(network.model) has no layer '\(name)'", remedy: nearest(name, in: known))
        }
      }
    }
  }

  /// The deepest recommended layer that is a map.
  ///
  /// - Throws: ``InputError`` if the network has none.
  func lastMap(at place: String) throws -> String {
    guard let point = student.points.last(where: { $0.isRecommended && $0.output.rank == 3 }) else {
      throw InputError(
        place, "no layer is named", remedy: "\(student.model) has \(student.points.map(\.name).joined(separator: ", "))"
      )
    }
    return point.name
  }
}
