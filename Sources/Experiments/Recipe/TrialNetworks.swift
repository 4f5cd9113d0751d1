import Distillation
import Models
import NeuralNetworks
import Support

/// Teacher and student as they would be built, to ask them whether layers exist and methods fit before any work.
///
/// Classes and, where the data set has no `size` option, image size are stand-ins; what depends on them is checked
/// again when the data are there.
struct TrialNetworks {
  private let teacher: any Network
  private let student: any Network

  /// - Throws: ``InputError`` at the place of a network that cannot be built for images of this size.
  init(teacher: (model: ModelRecipe, place: String), student: (model: ModelRecipe, place: String), data: DataRecipe)
    throws
  {
    let size = data.options.numberIfGiven("size").map { Int($0) } ?? 32
    func build(_ recipe: (model: ModelRecipe, place: String)) throws -> any Network {
      let specification = ModelSpecification(
        recipe.model.name, classes: 10, height: size, width: size, options: recipe.model.options.values)
      return try ModelCatalog.build(specification, seed: 0, at: recipe.place)
    }
    self.student = try build(student)
    self.teacher = teacher.model == student.model ? self.student : try build(teacher)
  }

  /// Refuses layers that the student does not have.
  ///
  /// - Throws: ``InputError`` that names the nearest layer.
  func check(layers: [String], at place: String) throws {
    for layer in layers { _ = try student.probePoint(layer, at: place) }
  }

  /// Where concepts are counted unless a recipe says otherwise.
  var defaultLayer: String { student.lastStage.name }

  /// Refuses a term that does not fit the networks.
  ///
  /// - Throws: ``InputError`` with the method's own reasons.
  func check(_ term: TermRecipe, at place: String) throws {
    let setup = MethodSetup(
      student: student, teacher: teacher, initialiser: Initialiser(seed: 0), trainingLabels: [0, 1], place: place)
    _ = try MethodRegistry.make(term.method, term.options.values, setup)
  }
}
