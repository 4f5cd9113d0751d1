import Tensors

#if canImport(Glibc)
  import Glibc
#endif

extension PartShapes {
  /// Background, loose parts behind, the object unless the image is a mere background, loose parts before it.
  func paint(_ scene: Scene, _ split: Split, _ index: Int, on canvas: inout Canvas) {
    var background = generator(split, index, .background)
    let texture = backgroundTexture(Texture.Family.allCases[scene.textureFamily], &background)
    canvas.fill(texture, shade: background.uniform(in: -0.2..<0.2), tilt: background.uniform(in: -0.2..<0.2))
    if grain > 0 {
      var roughness = generator(split, index, .roughness)
      canvas.roughen(Grain(largest: grain, &roughness))
    }

    var clutterRandom = generator(split, index, .clutter)
    let behind = Int((clutter * 12 * clutterRandom.uniform()).rounded())
    let before = Int((clutter * 2.4 * clutterRandom.uniform()).rounded())
    for _ in 0..<behind { addLoosePart(&clutterRandom, size: 0.7..<1.3, on: &canvas) }

    if split == .background { canvas.resetParts() } else { paintObject(scene, split, index, texture, on: &canvas) }
    for _ in 0..<before { addLoosePart(&clutterRandom, size: 0.3..<0.55, on: &canvas) }
  }

  private func paintObject(
    _ scene: Scene, _ split: Split, _ index: Int, _ texture: Texture, on canvas: inout Canvas
  ) {
    var paletteRandom = generator(split, index, .palette)
    let palette = Palette(against: texture, &paletteRandom)
    var poseRandom = generator(split, index, .pose)
    var place = objectPlacement(&poseRandom)
    let drawing = scene.object.drawing(scene.variants, generator(split, index, .proportions))
    if case .variant(let part) = label, closeUp > 1, let middle = drawing.middle(of: part) {
      place = place.magnified(
        by: closeUp, about: middle, to: Point(poseRandom.uniform(in: -1..<1), poseRandom.uniform(in: -1..<1)) * 0.4)
    }
    canvas.resetParts()
    for piece in drawing.pieces {
      canvas.draw(piece, place, palette, isObject: true, bodyPattern: scene.variants[.body])
    }
  }

  private func backgroundTexture(_ family: Texture.Family, _ random: inout RandomGenerator) -> Texture {
    let first = Color.random(&random, saturation: 0.05..<0.65, value: 0.2..<0.95)
    let second = Color.random(&random, saturation: 0.05..<0.65, value: 0.2..<0.95)
    return Texture(
      family, colors: (first, first.mixed(with: second, random.uniform(in: 0.35..<1))), angle: random.uniform(),
      wavelength: random.uniform(in: 4..<8), &random)
  }

  /// The whole object lies inside or nearly so; at `pose` 0 it is upright, centred and large.
  private func objectPlacement(_ random: inout RandomGenerator) -> Placing {
    let scale = 0.9 - pose * random.uniform(in: 0..<0.4)
    let room = (1 - scale) * 0.9 * pose
    let center = Point(random.uniform(in: -1..<1), random.uniform(in: -1..<1)) * room
    let turn = pose * (random.uniform() + random.uniform() - 1) * 0.2
    let stretch = 1 + pose * random.uniform(in: -0.18..<0.18)
    return Placing(
      center: center, scale: Point(scale * stretch, scale / stretch), turn: turn, isMirrored: random.next32() & 1 == 1)
  }

  /// A part of no object: it belongs to the background.
  private func addLoosePart(_ random: inout RandomGenerator, size: Range<Float>, on canvas: inout Canvas) {
    var variants = PartVariants()
    for part in Part.allCases where part.variants != nil { variants[part] = random.index(below: Part.variantCount) }
    let kind = random.index(below: 6)
    let place = Placing(
      center: Point(random.uniform(in: -1..<1), random.uniform(in: -1..<1)),
      scale: Point(repeating: random.uniform(in: size)), turn: random.uniform(), isMirrored: false)
    let palette = Palette(&random)
    var drawing = Drawing(variants, random)
    switch kind {
    case 0: drawing.head(.zero, radius: 0.2)
    case 1: drawing.tail(.zero, Point(1, 0), length: 0.42)
    case 2: drawing.wing(.zero, Point(1, 0), length: 0.6)
    case 3: drawing.wheel(.zero, radius: 0.2)
    case 4: drawing.leg(from: Point(0, -0.25), to: Point(0, 0.25), width: 0.075)
    default: drawing.body(.ellipse(.zero, Point(0.4, 0.26)))
    }
    for piece in drawing.pieces {
      canvas.draw(piece, place, palette, isObject: false, bodyPattern: variants[.body])
    }
  }
}

/// Where an object lies: object coordinates within ±1 to image coordinates within ±1.
struct Placing {
  let center: Point
  /// Columns of the map from object to image.
  let right: Point
  let down: Point

  /// - Parameters:
  ///   - center: in image coordinates.
  ///   - scale: along the object's axes; 1 fills the image.
  ///   - turn: clockwise, in turns.
  ///   - isMirrored: whether the object faces left.
  init(center: Point, scale: Point, turn: Float, isMirrored: Bool) {
    self.center = center
    let (cosine, sine) = (cosf(turn * 2 * .pi), sinf(turn * 2 * .pi))
    right = Point(cosine, sine) * (isMirrored ? -scale.x : scale.x)
    down = Point(-sine, cosine) * scale.y
  }

  private init(center: Point, right: Point, down: Point) {
    self.center = center
    self.right = right
    self.down = down
  }

  /// The same object nearer to the eye.
  ///
  /// - Parameters:
  ///   - factor: at least 1, which changes nothing.
  ///   - middle: of what is looked at, in object coordinates.
  ///   - target: where it comes to lie as the factor grows, in image coordinates.
  /// - Returns: where the larger object lies.
  func magnified(by factor: Float, about middle: Point, to target: Point) -> Placing {
    let reach = right * middle.x + down * middle.y
    let share = 1 - 1 / factor
    return Placing(
      center: (center + reach) * (1 - share) + target * share - reach * factor, right: right * factor,
      down: down * factor)
  }
}
