import Support

extension RecipeReader {
  /// The `analysis` section.
  func analysis(_ section: Section, _ data: DataRecipe, _ networks: TrialNetworks) throws -> AnalysisRecipe {
    let options = try section.options(for: RecipeKeys.analysis)
    func place(_ key: String) -> String { section[key]?.place ?? section.place }

    var names = options.texts("layers")
    try networks.check(layers: names, at: place("layers"))
    if names.isEmpty { names = [networks.defaultLayer] }
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
    if let (height, width) = data.options.size("size"), height % grid != 0 || width % grid != 0 {
      let common: [Int] = (1...min(height, width)).filter { (side: Int) in height % side == 0 && width % side == 0 }
      let divisors = common.map { String($0) }.joined(separator: ", ")
      let pixels = height == width ? "\(height)" : "\(height)x\(width)"
      throw InputError(
        place("grid"), "grid \(grid) does not divide images of \(pixels) pixels", remedy: "it takes one of \(divisors)")
    }
    return AnalysisRecipe(
      layers: names, probeImages: options.integer("probe-images"), grid: grid, distortion: options.number("distortion"),
      thresholds: thresholds.sorted(), draws: options.integer("draws"), iterations: options.integer("iterations"),
      procedure: AnalysisRecipe.Procedure(rawValue: options.text("procedure")) ?? .fixedDistortion)
  }
}
