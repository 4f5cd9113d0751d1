import Checkpoints
import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Colour changes and resized crops", .tags(.golden)) struct AugmentationGoldenTests {
  private static let operations: [String: ColourJitter.Operation] = [
    "brightness": .brightness, "contrast": .contrast, "saturation": .saturation, "hue": .hue,
  ]

  @Test("are torchvision's", arguments: try Golden.cases("augmentation"))
  func golden(_ golden: GoldenCase) throws {
    switch golden.operation {
    case "window": try window(golden)
    case "resized-crop": try crop(golden)
    case "padding": try padding(golden)
    case "jitter":
      let factors = try golden.numbers("factors")
      let steps = try golden.integers("order").compactMap { index in
        ColourJitter.Operation(rawValue: index).map { ($0, Float(factors[index])) }
      }
      #expect(steps.count == 4)
      try colours(golden, steps)
    default:
      let operation = try #require(Self.operations[golden.operation])
      try colours(golden, [(operation, Float(golden.number("factor")))])
    }
  }

  private func colours(_ golden: GoldenCase, _ steps: [(ColourJitter.Operation, Float)]) throws {
    let input = try golden.stored("input.0")
    var values = try input.floats()
    let size = input.shape[1...].reduce(1, *)
    values.withUnsafeMutableBufferPointer { values in
      for start in stride(from: 0, to: values.count, by: size) {
        let image = UnsafeMutableBufferPointer(rebasing: values[start..<start + size])
        for (operation, factor) in steps { ColourJitter.apply(operation, factor, to: image, channels: input.shape[3]) }
      }
    }
    // Four steps of single precision; a hue is divided by the range of a colour, which may be small.
    expectClose(
      values, try golden.stored("output").doubles(), relative: 0, absolute: golden.operation == "jitter" ? 2e-5 : 3e-6,
      shape: input.shape)
  }

  private func window(_ golden: GoldenCase) throws {
    var draws = try golden.numbers("draws")[...]
    let window = try CropWindow.drawn(
      height: golden.integer("height"), width: golden.integer("width"), least: golden.number("least")
    ) { draws.popFirst() ?? 0.5 }
    #expect(try [window.top, window.left, window.height, window.width] == golden.integers("window"))
  }

  private func crop(_ golden: GoldenCase) throws {
    let (pixels, image, numbers) = try (
      golden.stored("pixels"), golden.stored("image"), golden.integers("window")
    )
    let window = CropWindow(top: numbers[0], left: numbers[1], height: numbers[2], width: numbers[3])
    let part = Array(pixels.bytes).withUnsafeBufferPointer {
      window.scaled(
        $0, height: pixels.shape[0], width: pixels.shape[1], to: (image.shape[0], image.shape[1]),
        channels: pixels.shape[2])
    }
    // Pillow's order of the two directions varies, and each rounds to bytes.
    #expect(zip(part, image.bytes).allSatisfy { abs(Int($0) - Int($1)) <= 1 } && part.count == image.bytes.count)
  }

  /// Every window of the padded picture occurs, and nothing else.
  private func padding(_ golden: GoldenCase) throws {
    let (pixels, image, border) = try (
      golden.stored("pixels"), golden.stored("image"), golden.integer("border")
    )
    let (height, width, channels) = (pixels.shape[0], pixels.shape[1], pixels.shape[2])
    let set = ImageSet(
      name: "padded", height: height, width: width, channels: channels, classes: ["one", "two"],
      pixels: Array(pixels.bytes), labels: [0])
    let mode = try golden.text("padding")
    let padding = try #require(mode == "constant" ? .black : Padding(rawValue: mode))
    let maker = BatchMaker(
      set,
      normalization: Normalization(
        mean: Array(repeating: 0, count: channels), std: Array(repeating: 1, count: channels)),
      augmentation: Augmentation(padCrop: border, padding: padding), seed: 3)
    let padded = Array(image.bytes)
    var left = Set(
      (0...2 * border).flatMap { top in
        (0...2 * border).map { start in
          (0..<height).flatMap { row -> ArraySlice<UInt8> in
            let from = ((top + row) * image.shape[1] + start) * channels
            return padded[from..<from + width * channels]
          }
        }
      })
    let windows = left
    #expect(windows.count == (2 * border + 1) * (2 * border + 1))
    // The rarest of 81 windows: (80/81)^3000 × 81 = 5e-15.
    for epoch in 0..<3000 {
      let values = [Float](unsafeUninitializedCapacity: height * width * channels) { buffer, count in
        count = buffer.count
        maker.fill(buffer, indices: [0], epoch: epoch)
      }
      let bytes = values[..<(height * width * channels)].map { UInt8(($0 * 255).rounded()) }
      #expect(windows.contains(bytes))
      left.remove(bytes)
    }
    #expect(left.isEmpty)
  }
}
