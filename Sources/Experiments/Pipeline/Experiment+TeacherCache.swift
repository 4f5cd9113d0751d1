import Distillation
import Foundation
import Models
import NeuralNetworks
import Support

extension Experiment {
  /// Where a student finds what the teacher said to another one of its seed; nil unless that is wanted.
  ///
  /// - Throws: ``InputError`` where stored answers would change the result, or do not fit on the disk.
  func teacherCache(
    for student: StudentRecipe, _ terms: [JointProgram.Term], of teacher: any Network, seed: Int
  ) throws -> TeacherCache? {
    guard cachesTeacher else { return nil }
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
    guard student.schedule == .joint else { throw refusal("a two-stage student asks for features alone") }
    let train = try data().train
    let bytes = try answerBytes(of: teacher, terms) * train.count * recipe.training.epochs
    let free = try FileManager.default.attributesOfFileSystem(forPath: folders.root.path)[.systemFreeSize] as? Int ?? 0
    guard bytes < free / 2 else {
      throw refusal(
        "the teacher's answers take \(bytes >> 20) MiB of \(free >> 20) that are free")
    }
    // Before any work there is no teacher to ask.
    guard FileManager.default.fileExists(atPath: answeringTeacher.path) else { return nil }
    return TeacherCache(folder: try answerFolder(seed: seed), count: train.count)
  }

  private var answeringTeacher: URL { recipe.teacher.checkpoint.map { URL(fileURLWithPath: $0) } ?? teacherFile }

  /// Bytes of what the terms ask of the teacher, for one image.
  private func answerBytes(of teacher: any Network, _ terms: [JointProgram.Term]) throws -> Int {
    let points = Set(terms.flatMap { $0.method.teacherFeatures })
    let values = try points.reduce(teacher.specification.classes) {
      try $0 + teacher.probePoint($1.layer, at: "--cache-teacher").output.count
    }
    return 4 * values
  }

  /// Named by all that decides an answer's bits.
  private func answerFolder(seed: Int) throws -> URL {
    let data = try data()
    let key = SHA256.hexDigest(
      of: [
        try AnswerStore.key(of: answeringTeacher), try trainingImagesKey(),
        "\(String(describing: data.augmentation)) \(seed) \(recipe.training.batch)",
      ].joined(separator: " "))
    return folders.run.appendingPathComponent("teacher-answers/\(key.prefix(16))")
  }
}
