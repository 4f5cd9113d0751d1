import Foundation
import Support

/// What a lesson's tables are of: by it a class's folders are found, and told whether they belong together.
struct LessonMark: Codable, Equatable {
  /// Version of the format.
  var version = 1
  /// Name of the lesson.
  let lesson: String
  /// Its level.
  let minutes: Int
  /// SHA-256 of all that decides the weights beside seeds and threads.
  let recipe: String
  /// Training seeds; the first decides the pictures.
  let seeds: [Int]

  static let fileName = "lesson.json"

  init(_ plan: any LessonPlan.Type, _ material: LessonMaterial) {
    lesson = plan.entry.name
    minutes = material.level.rawValue
    var decisive = material.recipe.decisive
    decisive.threads = nil
    recipe = SHA256.hexDigest(of: decisive.canonicalYAML)
    seeds = material.seeds
  }

  /// - Throws: as ``AtomicFile``.
  func write(to folder: URL) throws {
    try Folders.create(folder)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(try encoder.encode(self) + Data("\n".utf8), to: folder.appendingPathComponent(Self.fileName))
  }

  /// - Throws: ``InputError`` for a file that is none.
  static func read(_ url: URL) throws -> LessonMark {
    let bytes = try FileBytes.read(url.path, atMost: 1 << 20, as: "what a lesson left")
    guard let mark = try? JSONDecoder().decode(LessonMark.self, from: Data(bytes)), mark.version == 1,
      !mark.seeds.isEmpty
    else {
      throw InputError(url.path, "is damaged", remedy: "give the lesson again in that folder, or leave the folder out")
    }
    return mark
  }
}
