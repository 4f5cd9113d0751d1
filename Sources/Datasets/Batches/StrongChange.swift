import Tensors

/// What a strong view does to one image besides crop and mirror: two operations drawn with replacement, then a cut-out
/// (Jin, Wang & Lin, "Multi-Level Logit Distillation", CVPR 2023, as its code has it).
package struct StrongChange: Sendable {
  /// Operations with their strengths, in the order in which they are applied.
  package let operations: [(operation: StrongOperation, strength: Double)]
  /// Side of the square, a share of the width in [0, ½).
  package let side: Double
  /// Centre of the square, shares of width and height in [0, 1).
  package let centre: (x: Double, y: Double)

  /// Draws the changes of one image.
  package init(_ random: inout RandomGenerator) {
    operations = (0..<2).map { _ in
      let operation = StrongOperation.allCases[random.index(below: StrongOperation.allCases.count)]
      let range = operation.range
      return (operation, range.lowerBound + Double(random.uniform()) * (range.upperBound - range.lowerBound))
    }
    side = Double(random.uniform()) / 2
    centre = (Double(random.uniform()), Double(random.uniform()))
  }

  /// Changes an image in place.
  package func apply(to image: inout StrongImage) {
    for (operation, strength) in operations { operation.apply(strength, to: &image) }
    image.cutOut(
      side: side * Double(image.width), x: centre.x * Double(image.width), y: centre.y * Double(image.height))
  }
}
