import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

extension Trainings {
  /// Where a student finds what the teacher said to another one of its seed; nil unless that is wanted.
  ///
  /// - Throws: ``InputError`` where stored answers would change the result, or do not fit on the disk.
  func teacherCache(
    for student: StudentRecipe, _ terms: [JointProgram.Term], of teacher: any Network, seed: Int
  ) throws -> TeacherCache? {
    guard cachesTeacher, terms.askTeacher else { return nil }
    let place = "--cache-teacher"
    func refusal(_ reason: String) -> InputError {
      InputError(place, "\(student.name): \(reason)", remedy: "train it without \(place)")
    }
    for term in terms {
      if term.method.view != .ordinary { throw refusal("\(term.name) shows images in a way of its own") }
      if term.method.batchOrder != .shuffled {
        throw refusal("\(term.name) draws batches by classes, so an epoch does not hold every image once")
      }
      if term.method.teacherStatistics == .batch {
        throw refusal("\(term.name) normalises the teacher by the batch, so an answer is not one image's alone")
      }
      if term.method.preparation != nil {
        throw refusal("\(term.name) has a stage before, so its epochs see other images than those of the others")
      }
    }
    if student.teacherView != .same { throw refusal("teacher-view shows the teacher other images than the student") }
    if !student.omitted.isEmpty { throw refusal("omit shows it other images than the others") }
    guard student.lesson == nil else { throw refusal("it has a teacher of its own") }
    guard student.schedule == .joint else { throw refusal("a two-stage student asks for features alone") }
    let train = try data().train
    let features = try answeredFeatures(of: teacher, terms)
    let values = features.reduce(teacher.specification.classes) { $0 + $1.value.count }
    let bytes = 4 * values * train.count * recipe.training.epochs
    if let free = Folders.freeBytes(at: folders.root), bytes >= free / 2 {
      throw refusal(
        "the teacher's answers take \(bytes >> 20) MiB of \(free >> 20) that are free")
    }
    // Before any work there is no teacher to ask.
    guard FileManager.default.fileExists(atPath: teachers.file.path) else { return nil }
    return TeacherCache(
      folder: try answerFolder(seed: seed), count: train.count, classes: teacher.specification.classes,
      features: features
    ) { [progress] in progress.notice($0) }
  }

  /// What the terms ask of the teacher beside its logits, with the shape for one image.
  private func answeredFeatures(of teacher: any Network, _ terms: [JointProgram.Term]) throws -> [FeaturePoint: Shape] {
    let points = Set(terms.flatMap { $0.method.teacherFeatures })
    return try Dictionary(
      uniqueKeysWithValues: points.map { ($0, try teacher.probePoint($0.layer, at: "--cache-teacher").output) })
  }

  /// Named by all that decides an answer's bits.
  private func answerFolder(seed: Int) throws -> URL {
    let data = try data()
    let key = SHA256.hexDigest(
      of: [
        try teachers.key(), try context.trainingImagesKey(),
        "\(String(describing: data.augmentation)) \(seed) \(recipe.training.batch)",
      ].joined(separator: " "))
    return folders.run.appendingPathComponent("teacher-answers/\(key.prefix(16))")
  }
}
