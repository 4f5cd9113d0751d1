import Foundation
import Models
import Support

extension CheckpointFacts {
  private struct Normalization: Codable {
    let mean: [Float]
    let std: [Float]
  }

  /// The facts as a safetensors file carries them: strings only.
  var metadata: [String: String] {
    var entries = [
      "format": "pt",
      "kdscope.format": "1",
      "kdscope.model": encoded(model),
      "kdscope.role": role,
      "kdscope.epoch": epoch.description,
      "kdscope.data": data,
      "kdscope.normalization": encoded(Normalization(mean: mean, std: deviation)),
      "kdscope.classes": encoded(classes),
      "kdscope.recipe.sha256": recipeHash,
    ]
    entries["kdscope.development.accuracy"] = developmentAccuracy.map { String($0) }
    return entries
  }

  /// Reads the facts back; nil for a file that KDScope did not write.
  ///
  /// - Throws: ``InputError`` if the entries are there but broken.
  init?(metadata: [String: String], path: String) throws {
    guard let format = metadata["kdscope.format"] else { return nil }
    guard format == "1" else {
      throw InputError(path, "kdscope.format is '\(format)'", remedy: "this version reads format 1")
    }
    func text(_ key: String) throws -> String {
      guard let value = metadata["kdscope.\(key)"] else {
        throw InputError(path, "metadata lacks kdscope.\(key)", remedy: "write the checkpoint again")
      }
      return value
    }
    func decoded<T: Decodable>(_ key: String, as type: T.Type) throws -> T {
      let written = Data(try text(key).utf8)
      guard let value = try? JSONDecoder().decode(type, from: written) else {
        throw InputError(path, "metadata kdscope.\(key) is broken", remedy: "write the checkpoint again")
      }
      return value
    }
    let normalization = try decoded("normalization", as: Normalization.self)
    let model = try decoded("model", as: ModelSpecification.self)
    // Its outputs are then numbers, and whoever uses them says so.
    let names = metadata["kdscope.classes"] == nil ? [] : try decoded("classes", as: [String].self)
    let extents = [model.classes, model.channels, model.height, model.width]
    guard extents.allSatisfy(Checkpoint.possibleExtents.contains), normalization.mean.count == model.channels,
      normalization.std.count == model.channels, normalization.mean.allSatisfy(\.isFinite),
      normalization.std.allSatisfy({ $0 > 0 && $0.isFinite }), let epoch = Moment(try text("epoch"))
    else { throw InputError(path, "metadata describes no possible network", remedy: "write the checkpoint again") }
    self.init(
      model: model, role: try text("role"), epoch: epoch, data: try text("data"), mean: normalization.mean,
      deviation: normalization.std, classes: names, recipeHash: try text("recipe.sha256"),
      developmentAccuracy: metadata["kdscope.development.accuracy"].flatMap(Double.init))
  }
}

extension WeightArchive {
  /// What a file of this program says of its network; nil for any other.
  ///
  /// - Throws: ``InputError`` if its entries are there but broken.
  public func facts() throws -> CheckpointFacts? { try CheckpointFacts(metadata: metadata, path: path) }
}

private func encoded(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
}
