import Tensors

extension ObjectClass {
  /// An object of the class with random proportions, facing right.
  func drawing(_ variants: PartVariants, _ random: RandomGenerator) -> Drawing {
    var drawing = Drawing(variants, random)
    switch self {
    case .bird: drawing.addBird()
    case .fish: drawing.addFish()
    case .dog: drawing.addDog()
    case .giraffe: drawing.addGiraffe()
    case .turtle: drawing.addTurtle()
    case .butterfly: drawing.addButterfly()
    case .car: drawing.addCar()
    case .truck: drawing.addTruck()
    case .plane: drawing.addPlane()
    case .boat: drawing.addBoat()
    }
    return drawing
  }
}

extension Drawing {
  fileprivate mutating func addBird() {
    let foot = vary(0.72, 0.92)
    for hip in [vary(-0.16, -0.04), vary(0.08, 0.2)] {
      leg(from: Point(hip, 0.3), to: Point(hip + 0.06, foot), width: 0.05)
    }
    tail(near(-0.42, 0, 0.04), Point(-1, vary(-0.5, 0.4)), length: vary(0.36, 0.52))
    let slope = vary(-0.35, 0.05)
    body(.ellipse(Point(0, 0.06), Point(vary(0.48, 0.58), vary(0.3, 0.4)), along: normalized(Point(1, slope))))
    wing(near(0.08, 0), Point(-1, vary(-0.9, 0.7)), length: vary(0.5, 0.68))
    let skull = near(0.48, -0.36)
    let r = vary(0.2, 0.27)
    add(
      .head,
      .quadrilateral(
        skull + Point(r * 0.6, -0.1), skull + Point(r + 0.26, 0.03), skull + Point(r + 0.26, 0.05),
        skull + Point(r * 0.6, 0.12)), .light)
    head(skull, radius: r)
  }

  fileprivate mutating func addFish() {
    let half = Point(vary(0.52, 0.64), vary(0.3, 0.42))
    tail(Point(-half.x + 0.06, 0), Point(-1, vary(-0.25, 0.25)), length: vary(0.36, 0.48))
    wing(Point(vary(-0.1, 0.1), -half.y + 0.1), Point(vary(-1, -0.3), -1), length: vary(0.3, 0.42))
    wing(Point(vary(-0.05, 0.12), half.y - 0.1), Point(vary(-1, -0.3), 1), length: vary(0.26, 0.36))
    body(.ellipse(Point(0, 0), half))
    head(Point(half.x - 0.14, 0), radius: vary(0.23, 0.3))
  }

  fileprivate mutating func addDog() {
    let foot = vary(0.66, 0.86)
    for hip in [vary(-0.5, -0.42), vary(-0.3, -0.22), vary(0.16, 0.24), vary(0.36, 0.44)] {
      leg(from: Point(hip, 0.1), to: Point(hip + 0.03, foot), width: 0.075)
    }
    tail(near(-0.56, -0.06, 0.04), Point(-0.8, vary(-1.2, 0.2)), length: vary(0.34, 0.48))
    let thickness = vary(0.2, 0.28)
    body(.limb(from: Point(-0.4, 0), to: Point(0.34, vary(-0.06, 0.04)), radius: thickness, endRadius: thickness))
    head(near(0.58, -0.3), radius: vary(0.22, 0.28))
  }

  fileprivate mutating func addGiraffe() {
    let foot = vary(0.86, 1)
    for hip in [vary(-0.46, -0.38), vary(-0.28, -0.2), vary(0.04, 0.1), vary(0.2, 0.26)] {
      leg(from: Point(hip, 0.2), to: Point(hip + 0.02, foot), width: 0.06)
    }
    tail(near(-0.5, 0.1, 0.04), Point(-0.7, vary(0.2, 1.2)), length: vary(0.3, 0.42))
    let nape = near(0.46, -0.66)
    body(.limb(from: Point(0.16, 0.1), to: nape, radius: 0.13, endRadius: 0.09))
    body(.ellipse(Point(-0.1, 0.16), Point(vary(0.38, 0.46), vary(0.2, 0.26))))
    head(nape + Point(0.06, -0.04), radius: vary(0.16, 0.21))
  }

  fileprivate mutating func addTurtle() {
    let foot = vary(0.46, 0.6)
    for hip in [vary(-0.5, -0.42), vary(-0.26, -0.18), vary(0.18, 0.26), vary(0.42, 0.5)] {
      leg(from: Point(hip, 0.24), to: Point(hip + 0.03, foot), width: 0.085)
    }
    tail(near(-0.6, 0.18, 0.04), Point(-1, vary(-0.3, 0.4)), length: vary(0.24, 0.34))
    head(near(0.72, 0.02), radius: vary(0.18, 0.24))
    body(.dome(Point(0, 0.26), Point(vary(0.6, 0.7), vary(0.55, 0.72))))
    body(.limb(from: Point(-0.58, 0.27), to: Point(0.58, 0.27), radius: 0.07, endRadius: 0.07), .second)
  }

  fileprivate mutating func addButterfly() {
    let (upper, lower) = (vary(0.66, 0.84), vary(0.46, 0.62))
    let (rise, fall) = (vary(-0.9, -0.4), vary(0.5, 1))
    for side: Float in [-1, 1] {
      wing(Point(side * 0.04, 0.08), Point(side, fall), length: lower, .main)
      wing(Point(side * 0.04, -0.12), Point(side, rise), length: upper)
    }
    let crown = Point(0, -0.5)
    for side: Float in [-1, 1] {
      add(.head, .limb(from: crown, to: crown + Point(side * 0.22, -0.36), radius: 0.03, endRadius: 0.04), .dark)
    }
    body(.limb(from: Point(0, -0.4), to: Point(0, vary(0.4, 0.56)), radius: 0.1, endRadius: 0.07))
    head(crown, radius: vary(0.16, 0.2), facing: Point(0.6, -0.8))
  }

  fileprivate mutating func addCar() {
    let (front, floor) = (vary(0.78, 0.92), vary(0.3, 0.4))
    let roof = vary(-0.52, -0.38)
    let shift = vary(-0.16, 0.1)
    add(
      .cabin,
      .quadrilateral(
        Point(-0.56 + shift, 0.02), Point(-0.32 + shift, roof), Point(0.28 + shift, roof), Point(0.54 + shift, 0.02),
        border: 0.05), .main)
    add(
      .cabin,
      .quadrilateral(
        Point(-0.42 + shift, -0.04), Point(-0.26 + shift, roof + 0.08), Point(-0.04 + shift, roof + 0.08),
        Point(-0.04 + shift, -0.04)), .glass)
    add(
      .cabin,
      .quadrilateral(
        Point(0.06 + shift, -0.04), Point(0.06 + shift, roof + 0.08), Point(0.24 + shift, roof + 0.08),
        Point(0.4 + shift, -0.04)), .glass)
    body(
      .quadrilateral(
        Point(-front, 0.02), Point(front - 0.06, 0.02), Point(front, floor), Point(-front, floor), border: 0.06))
    add(.body, .ellipse(Point(front - 0.06, 0.12), Point(0.08, 0.07)), .light)
    let radius = vary(0.18, 0.25)
    for axle in [vary(-0.56, -0.44), vary(0.42, 0.54)] { wheel(Point(axle, floor + 0.06), radius: radius) }
  }

  fileprivate mutating func addTruck() {
    let (top, floor) = (vary(-0.62, -0.4), vary(0.28, 0.38))
    let (hood, gap) = (vary(-0.3, -0.12), vary(0.3, 0.38))
    add(
      .cabin, .quadrilateral(Point(gap, hood), Point(0.72, hood), Point(0.9, 0.08), Point(0.9, floor), border: 0.03),
      .second)
    add(
      .cabin, .quadrilateral(Point(gap, 0), Point(0.9, 0.06), Point(0.9, floor), Point(gap, floor), border: 0.03),
      .second)
    add(
      .cabin, .quadrilateral(Point(0.5, hood + 0.08), Point(0.7, hood + 0.08), Point(0.82, 0.06), Point(0.5, 0.06)),
      .glass)
    body(
      .quadrilateral(
        Point(-0.92, top), Point(gap - 0.08, top), Point(gap - 0.08, floor), Point(-0.92, floor), border: 0.03))
    let radius = vary(0.16, 0.22)
    for axle in [vary(-0.72, -0.62), vary(-0.3, -0.2), vary(0.56, 0.66)] {
      wheel(Point(axle, floor + 0.06), radius: radius)
    }
  }

  fileprivate mutating func addPlane() {
    let span = vary(0.62, 0.8)
    wing(Point(0.12, -0.06), Point(vary(-0.9, -0.35), -1), length: span * 0.85)
    tail(near(-0.7, -0.04, 0.03), Point(-0.6, vary(-1.2, -0.7)), length: vary(0.34, 0.46))
    let girth = vary(0.13, 0.19)
    body(.limb(from: Point(-0.78, vary(-0.08, 0)), to: Point(0.7, 0), radius: 0.07, endRadius: girth))
    add(.cabin, .ellipse(Point(0.66, -0.06), Point(0.13, 0.08)), .glass)
    wing(Point(0.12, 0.06), Point(vary(-0.9, -0.35), 1), length: span)
  }

  fileprivate mutating func addBoat() {
    let (deck, keel) = (vary(0.16, 0.3), vary(0.56, 0.74))
    let top = vary(-0.95, -0.75)
    let mast = vary(-0.16, 0.1)
    add(.sail, .limb(from: Point(mast, deck), to: Point(mast, top), radius: 0.035, endRadius: 0.03), .dark)
    add(
      .sail,
      .quadrilateral(
        Point(mast + 0.07, top + 0.06), Point(mast + 0.07, top + 0.06), Point(mast + vary(0.45, 0.68), deck - 0.1),
        Point(mast + 0.07, deck - 0.1)), .second)
    add(
      .sail,
      .quadrilateral(
        Point(mast - 0.07, top + 0.2), Point(mast - 0.07, top + 0.2), Point(mast - vary(0.36, 0.56), deck - 0.1),
        Point(mast - 0.07, deck - 0.1)), .light)
    body(
      .quadrilateral(
        Point(-vary(0.74, 0.9), deck), Point(vary(0.78, 0.95), deck), Point(vary(0.45, 0.62), keel),
        Point(-vary(0.45, 0.62), keel), border: 0.03))
  }
}
