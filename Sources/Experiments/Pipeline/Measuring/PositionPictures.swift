import Analysis
import Datasets
import Support

extension Measurements {
  /// How maps lose what a cell's place decides: as the recipe says, else by the data set's own backgrounds, else by
  /// scrambled pictures.
  ///
  /// - Throws: ``InputError`` where the data cannot do what the recipe says.
  func positionCorrection() throws -> PositionCorrection {
    let data = try data()
    let correction = recipe.analysis.position ?? (data.backgrounds == nil ? .scrambled : .background)
    guard correction != .background || data.backgrounds != nil else {
      throw InputError(
        "analysis.position", "\(data.train.name) draws no background without an object",
        remedy: "take scrambled, which makes pictures without an object of the training images")
    }
    return correction
  }

  /// Pictures without an object as a probe set: the same for every network; nil where none are needed.
  func positionProbe() throws -> ProbeSet? {
    if let loadedPosition { return loadedPosition }
    let (data, count) = (try data(), recipe.analysis.positionImages)
    let pictures: ImageSet
    let seed = UInt64(max(0, firstSeed))
    switch try positionCorrection() {
    case .background: pictures = data.objectFree(count: count, seed: seed)
    case .scrambled: pictures = data.train.scrambled(count: count, seed: seed)
    case .fit, .none: return nil
    }
    let probe = ProbeSet(anyOf: pictures, count: count, grid: recipe.analysis.grid)
    loadedPosition = probe
    return probe
  }

  /// Refuses a correction that these data cannot have, before any work.
  ///
  /// - Throws: ``InputError`` that says what would be right.
  func requirePosition() throws {
    let correction = try positionCorrection()
    guard correction == .fit, recipe.analysis.procedures.contains(.fixedDistortion) else { return }
    let probe = ProbeSet(
      try data().development, count: recipe.analysis.probeImages, grid: recipe.analysis.grid)
    let share = PositionProfile.shareOfPlace(probe.images.foreground)
    guard share <= PositionProfile.largestShareOfPlace else {
      throw InputError(
        "analysis.position",
        "fit cannot tell object and place apart: R² of the object on image and cell is \((share * 100).rounded() / 100)",
        remedy: "take \(try data().backgrounds == nil ? "scrambled" : "background")")
    }
  }
}
