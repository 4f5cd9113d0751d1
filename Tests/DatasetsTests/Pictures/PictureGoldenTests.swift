import Checkpoints
import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Pictures") struct PictureGoldenTests {
  @Test("are decoded as Pillow decodes them", .tags(.golden), arguments: try Golden.cases("pictures"))
  func decoding(_ case: GoldenCase) throws {
    guard `case`.operation == "decode" else { return }
    let picture = try Picture(Array(`case`.stored("file").bytes), path: "picture")
    let expected = try `case`.stored("pixels")
    #expect([picture.height, picture.width, picture.channels] == expected.shape)
    #expect(picture.samples == Array(expected.bytes))
  }

  @Test(
    "of another size are cropped to the image's proportions and scaled as Pillow scales", .tags(.golden),
    arguments: try Golden.cases("pictures"))
  func fitting(_ case: GoldenCase) throws {
    guard `case`.operation == "fit" else { return }
    let (pixels, image) = (try `case`.stored("pixels"), try `case`.stored("image"))
    let picture = Picture(
      height: pixels.shape[0], width: pixels.shape[1], channels: pixels.shape[2], samples: Array(pixels.bytes))
    let fit = PictureFit(height: image.shape[0], width: image.shape[1], channels: image.shape[2])
    var result = [UInt8](repeating: 0, count: fit.imageSize)
    result.withUnsafeMutableBufferPointer { fit.write(picture, to: $0) }
    // Pillow's order of the two directions varies, and each rounds to bytes.
    let farthest = zip(result, image.bytes).map { abs(Int($0) - Int($1)) }.max()
    #expect(farthest ?? 9 <= 1 && result.count == image.bytes.count)
  }

  @Test("become grey by luma, and colours by repetition")
  func colours() {
    let picture = Picture(height: 1, width: 2, channels: 3, samples: [255, 0, 0, 10, 200, 30])
    var grey: [UInt8] = [0, 0]
    grey.withUnsafeMutableBufferPointer { PictureFit(height: 1, width: 2, channels: 1).write(picture, to: $0) }
    #expect(grey == [76, 124])
    var colours = [UInt8](repeating: 0, count: 6)
    colours.withUnsafeMutableBufferPointer {
      PictureFit(height: 1, width: 2, channels: 3).write(
        Picture(height: 1, width: 2, channels: 1, samples: [7, 9]), to: $0)
    }
    #expect(colours == [7, 7, 7, 9, 9, 9])
  }

  @Test("used as masks are foreground where they are not black, by nearest neighbour, cropped as their picture")
  func masks() {
    // 2 rows, 6 columns: the middle 2x2 columns 2 and 3 are kept.
    let mask = Picture(height: 2, width: 6, channels: 1, samples: [9, 9, 0, 1, 9, 9, 9, 9, 255, 0, 9, 9])
    #expect(PictureFit(height: 2, width: 2, channels: 3).mask(mask) == [0, 1, 1, 0])
    let doubled: [UInt8] = [0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0]
    #expect(PictureFit(height: 4, width: 4, channels: 3).mask(mask) == doubled)
  }
}
