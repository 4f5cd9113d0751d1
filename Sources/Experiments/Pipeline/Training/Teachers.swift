import Checkpoints
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support

/// The recipe's teacher, and further ones from files, made fit for the run's images and classes.
final class Teachers: RunStage {
  let context: RunContext
  /// Files of teachers beside the recipe's that methods have asked for.
  private(set) var further: [String] = []

  init(_ context: RunContext) { self.context = context }

  /// The file of the teacher's final weights.
  var file: URL {
    recipe.teacherPath.map { URL(fileURLWithPath: $0) }
      ?? folders.training(RoleName.teacher, seed: firstSeed).checkpoint(epoch: lastEpoch(of: RoleName.teacher))
  }

  /// The teacher with its final weights.
  func trained() throws -> any Network {
    if let path = recipe.teacherPath { return try readNamed(path, as: RoleName.teacher).network }
    let network = try RunFolder.network(at: file)
    network.freeze()
    return network
  }

  /// The recipe's teacher as its training begins, or from its file; where nobody asks it, what it would be. nil where
  /// the recipe has none.
  func fresh() throws -> (any Network)? {
    if let path = recipe.teacherPath { return try readNamed(path, as: RoleName.teacher).network }
    return try recipe.teacher.map { try ModelCatalog.build(specification($0.model), seed: 0, at: "teacher") }
  }

  /// The recipe's part that decides the weights, and the teacher's file itself with how it is read: a path says nothing
  /// of what lies there.
  func runHash() throws -> String {
    try recipe.teacherPath == nil ? context.trainingHash : SHA256.hexDigest(of: context.trainingHash + key())
  }

  /// What identifies the answers of the trained teacher: its file, and how it is read.
  func key() throws -> String {
    try AnswerStore.key(of: file) + (recipe.teacher?.key ?? "")
      + (recipe.teacherPath.map { try readNamed($0, as: RoleName.teacher).key } ?? "")
  }

  /// What was done to teachers from files before they were asked, for the report; empty for nothing.
  func changes() throws -> [String] {
    let named = try recipe.teacherPath.map { try readNamed($0, as: RoleName.teacher).changes } ?? []
    let others = try recipe.teachers.flatMap { teacher in
      try teacher.teacher.checkpoint.map { try readNamed($0, as: teacher.name).changes } ?? []
    }
    let paths = recipe.taught.flatMap(\.furtherTeachers).filter {
      recipe.teacher(named: $0) == nil && recipe.taught($0) == nil
    }
    return try paths.enumerated().filter { paths.firstIndex(of: $0.element) == $0.offset }.reduce(into: named + others)
    {
      for change in try readFile($1.element).changes { $0.append("further teacher \($1.element): \(change)") }
    }
  }

  /// A teacher of the recipe from a file: the network that the recipe says.
  ///
  /// - Parameters:
  ///   - path: its file.
  ///   - name: `teacher`, or one of `teachers`.
  /// - Returns: frozen, and fit for the run's images and classes.
  /// - Throws: ``InputError`` for a file that cannot be read, or another network than the recipe says.
  func readNamed(_ path: String, as name: String) throws -> TeacherFile {
    let teacher = try readFile(path, as: name)
    let (found, needed) = (teacher.network.specification.name, try specification(recipe.model(of: name)).name)
    guard found == needed else {
      throw InputError(path, "the teacher is \(found.withArticle)", remedy: "the recipe says \(needed)")
    }
    return teacher
  }

  /// A further teacher from a file, frozen and fit for the run's images and classes; it is kept in mind as one.
  func readFurther(_ path: String) throws -> any Network {
    let network = try readFile(path).network
    if !further.contains(path) { further.append(path) }
    return network
  }

  /// A teacher from a file; its classes and input must be the data's.
  ///
  /// - Parameters:
  ///   - path: its file.
  ///   - name: what the recipe calls it; nil for a file that a method names, which may be any network.
  /// - Returns: frozen, and fit for the run's images and classes.
  /// - Throws: ``InputError`` for a file that cannot be read, or classes and images that do not fit.
  func readFile(_ path: String, as name: String? = nil) throws -> TeacherFile {
    let (images, needed) = (try data().train, try specification(recipe.student))
    let named = name.flatMap(recipe.teacher(named:))
    let read = try Checkpoint.read(
      URL(fileURLWithPath: path), model: named?.model.name, key: named?.key,
      option: "\(section(of: name)).key",
      imageSize: (images.height, images.width))
    let found = read.network.specification
    guard found.classes == needed.classes, found.channels == needed.channels else {
      throw InputError(
        path, "the teacher has \(found.classes) classes and \(found.channels) colours",
        remedy: "\(recipe.data.set) has \(needed.classes) and \(needed.channels)")
    }
    guard found.height == needed.height, found.width == needed.width else {
      throw InputError(
        path, "the teacher takes images of \(found.height)x\(found.width) pixels",
        remedy: "\(recipe.data.set) has \(needed.height)x\(needed.width)")
    }
    let classes = try read.matchClasses(images.classes, of: recipe.data.set, path: path)
    let (given, own) = (try data().normalization, try normalization(of: read, name))
    let network =
      own == given
      ? read.network
      : RenormalizedNetwork(read.network, given: (given.mean, given.std), needed: (own.mean, own.std))
    network.freeze()
    let teacher = TeacherFile(
      network: network, facts: read.facts, normalization: own == given ? nil : own, classes: classes)
    remark(teacher, name, at: path)
    return teacher
  }

  /// How the images of a teacher's training were normalised: as the recipe says of its teacher, else as the file says,
  /// else as the recipe says, else as the data are.
  private func normalization(of teacher: Checkpoint, _ name: String?) throws -> Normalization {
    let said = try said(of: name)?.normalization.map {
      try Normalization(
        $0, channels: teacher.network.specification.channels, at: "\(section(of: name)).normalization")
    }
    if name != nil, let said { return said }
    return try teacher.facts.map { Normalization(mean: $0.mean, std: $0.deviation) } ?? said ?? data().normalization
  }

  /// What the recipe says of a teacher; of a file that a method names what it says of its own.
  private func said(of name: String?) -> TeacherRecipe? { name.map(recipe.teacher(named:)) ?? recipe.teacher }

  /// Where it says so.
  private func section(of name: String?) -> String {
    name.map { $0 == RoleName.teacher ? $0 : "teachers.\($0)" } ?? RoleName.teacher
  }

  /// Says what was taken for granted or changed, once.
  private func remark(_ teacher: TeacherFile, _ name: String?, at path: String) {
    let order = "output k is taken for class k of \(recipe.data.set)"
    if teacher.facts == nil {
      let pixels = said(of: name)?.normalization ?? "the data"
      context.warn(
        "\(path): the file says neither classes nor normalisation; \(order), images are normalised as \(pixels)")
    } else if teacher.classes == .unnamed {
      context.warn("\(path): the classes of file and data are not both named; \(order)")
    }
    for change in teacher.changes { context.advise("\(path): \(change)") }
  }
}
