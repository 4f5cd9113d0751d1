import Support

extension ModelFamily {
  /// `cnn2` … `cnn10`.
  static let plain = ModelFamily(
    title: "plain networks",
    entries: PlainCNN.depths.map { depth in
      CatalogEntry(
        "cnn\(depth)", "plain network with \(depth) convolutions and batch normalisation",
        paper: "in the manner of Mirzadeh et al., Improved Knowledge Distillation via Teacher Assistant, AAAI 2020")
    },
    refusal: { name in
      number(in: name, after: "cnn").map { depth in
        (
          "a plain network with \(depth) convolutions does not exist",
          "there are " + PlainCNN.depths.map(String.init).joined(separator: ", ")
        )
      }
    },
    build: { specification, initialiser, place in
      guard let depth = number(in: specification.name, after: "cnn") else {
        preconditionFailure("no plain network: \(specification.name)")
      }
      try specification.require(1 << (PlainCNN.stages[depth]?.count ?? 0), at: place)
      return PlainCNN(depth: depth, specification, initialiser)
    })
}
