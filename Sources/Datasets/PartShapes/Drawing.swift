import Tensors

/// Which color of the object a piece has.
enum Paint { case main, second, dark, light, glass }

/// One shape of a drawing.
struct Piece {
  let part: Part
  let shape: Primitive
  let paint: Paint
  /// Whether the body's pattern goes over it.
  var isPatterned = false
}

/// An object as a list of pieces, back to front; `ObjectClass.drawing` fills it.
struct Drawing {
  private(set) var pieces: [Piece] = []
  private let variants: PartVariants
  private var random: RandomGenerator

  /// - Parameters:
  ///   - variants: of the parts; they take no random numbers, so all else stays the same when one changes.
  ///   - random: for proportions.
  init(_ variants: PartVariants, _ random: RandomGenerator) {
    self.variants = variants
    self.random = random
    pieces.reserveCapacity(24)
  }

  /// The middle of the box around a part; nil for a part that the object does not have.
  func middle(of part: Part) -> Point? {
    let bounds = pieces.filter { $0.part == part }.map(\.shape.bounds)
    guard let first = bounds.first else { return nil }
    let box = bounds.dropFirst().reduce(first) { (pointwiseMin($0.0, $1.0), pointwiseMax($0.1, $1.1)) }
    return (box.0 + box.1) / 2
  }

  /// A random proportion.
  mutating func vary(_ lower: Float, _ upper: Float) -> Float { random.uniform(in: lower..<upper) }

  /// A point moved by at most `reach` along both axes.
  mutating func near(_ x: Float, _ y: Float, _ reach: Float = 0.06) -> Point {
    Point(x + vary(-reach, reach), y + vary(-reach, reach))
  }

  mutating func add(_ part: Part, _ shape: Primitive, _ paint: Paint) {
    pieces.append(Piece(part: part, shape: shape, paint: paint))
  }

  mutating func body(_ shape: Primitive, _ paint: Paint = .main) {
    pieces.append(Piece(part: .body, shape: shape, paint: paint, isPatterned: paint == .main))
  }

  mutating func leg(from hip: Point, to foot: Point, width: Float) {
    add(.legs, .limb(from: hip, to: foot, radius: width, endRadius: width * 0.8), .dark)
  }

  /// A head with an eye.
  ///
  /// - Parameters:
  ///   - center: of the skull.
  ///   - radius: of the skull.
  ///   - facing: unit vector from the skull to the nose.
  ///   - paint: of the skull.
  mutating func head(_ center: Point, radius: Float, facing: Point = Point(1, 0), _ paint: Paint = .second) {
    let r = radius
    let up = Point(facing.y, -facing.x)
    func at(_ forward: Float, _ upward: Float) -> Point { center + facing * (forward * r) + up * (upward * r) }
    switch variants[.head] {
    case 0: add(.head, .ellipse(center, Point(r, r)), paint)
    case 1: add(.head, .quadrilateral(at(-0.9, 0.9), at(0.9, 0.9), at(0.9, -0.9), at(-0.9, -0.9), border: 0.02), paint)
    case 2:
      add(.head, .quadrilateral(at(-0.8, 1.15), at(1.5, -0.1), at(1.5, -0.2), at(-0.8, -1.15), border: 0.03), paint)
    default:
      add(.head, .quadrilateral(at(-0.9, 0.2), at(-0.75, 1.9), at(-0.7, 1.9), at(0, 0.6)), paint)
      add(.head, .quadrilateral(at(0, 0.6), at(0.7, 1.9), at(0.75, 1.9), at(0.9, 0.2)), paint)
      add(.head, .ellipse(center, Point(r * 0.92, r * 0.92)), paint)
    }
    add(.head, .ellipse(at(0.25, 0.25), Point(r * 0.36, r * 0.36)), .light)
    add(.head, .ellipse(at(0.35, 0.25), Point(r * 0.2, r * 0.2)), .dark)
  }

  /// A tail that leaves the body at `root`.
  mutating func tail(_ root: Point, _ direction: Point, length: Float, _ paint: Paint = .second) {
    let along = normalized(direction) * length
    let side = Point(-along.y, along.x)
    let tip = root + along
    switch variants[.tail] {
    case 0: add(.tail, .limb(from: root, to: tip, radius: length * 0.14, endRadius: length * 0.09), paint)
    case 1: add(.tail, .quadrilateral(root, root, tip + side * 0.6, tip - side * 0.6, border: length * 0.06), paint)
    case 2:
      add(.tail, .limb(from: root, to: tip + side * 0.55, radius: length * 0.16, endRadius: length * 0.1), paint)
      add(.tail, .limb(from: root, to: tip - side * 0.55, radius: length * 0.16, endRadius: length * 0.1), paint)
    default:
      add(.tail, .limb(from: root, to: tip, radius: length * 0.1, endRadius: length * 0.08), paint)
      add(.tail, .ellipse(tip, Point(length * 0.3, length * 0.3)), paint)
    }
  }

  /// A wing or fin that leaves the body at `root`.
  mutating func wing(_ root: Point, _ direction: Point, length: Float, _ paint: Paint = .second) {
    let along = normalized(direction) * length
    let side = Point(-along.y, along.x)
    switch variants[.wings] {
    case 0:
      add(.wings, .quadrilateral(root + side * 0.4, root + along * 1.1, root + along * 1.1, root - side * 0.4), paint)
    case 1: add(.wings, .ellipse(root + along * 0.5, Point(0.55, 0.34) * length, along: along / length), paint)
    case 2:
      for spread: Float in [-0.42, 0, 0.42] {
        let tip = root + along * (1 - 0.3 * abs(spread)) + side * spread
        add(.wings, .limb(from: root, to: tip, radius: length * 0.13, endRadius: length * 0.13), paint)
      }
    default:
      let (near, far) = (root - along * 0.05, root + along * 0.9)
      add(.wings, .quadrilateral(near + side * 0.32, far + side * 0.32, far - side * 0.32, near - side * 0.32), paint)
    }
  }

  mutating func wheel(_ center: Point, radius r: Float) {
    func disc(_ share: Float, _ paint: Paint) { add(.wheels, .ellipse(center, Point(r, r) * share), paint) }
    disc(1, .dark)
    switch variants[.wheels] {
    case 0: break
    case 1:
      disc(0.72, .light)
      disc(0.42, .dark)
    case 2: disc(0.5, .light)
    default:
      for arm in [Point(0.75, 0), Point(0, 0.75)] {
        add(.wheels, .limb(from: center - arm * r, to: center + arm * r, radius: r * 0.16, endRadius: r * 0.16), .light)
      }
    }
  }
}

/// The vector of length 1 in the same direction.
func normalized(_ vector: Point) -> Point { vector / max((vector * vector).sum().squareRoot(), 1e-6) }
