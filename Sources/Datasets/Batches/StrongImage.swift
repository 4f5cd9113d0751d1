import Foundation
import Support

/// Bytes of one image that is changed in place, with Pillow's rounding.
package struct StrongImage {
  /// [height, width, channels].
  package private(set) var bytes: [UInt8]
  /// Rows.
  package let height: Int
  /// Columns.
  package let width: Int
  /// 1 or 3.
  package let channels: Int

  /// - Parameters: as the properties.
  package init(_ bytes: [UInt8], height: Int, width: Int, channels: Int) {
    precondition(bytes.count == height * width * channels, "StrongImage: \(bytes.count) bytes")
    (self.bytes, self.height, self.width, self.channels) = (bytes, height, width, channels)
  }

  /// Brightness of each pixel (ITU-R 601), as Pillow's conversion to `L` rounds it.
  var grey: [UInt8] {
    guard channels == 3 else { return bytes }
    return stride(from: 0, to: bytes.count, by: 3).map { place in
      let sum = Int(bytes[place]) * 19_595 + Int(bytes[place + 1]) * 38_470 + Int(bytes[place + 2]) * 7_471
      return UInt8((sum + 0x8000) >> 16)
    }
  }

  /// Each byte with its eight neighbours, weighed 5 to 1 (Pillow's `SMOOTH`); the border stays.
  var smoothed: [UInt8] {
    var result = bytes
    guard height > 2, width > 2 else { return result }
    let line = width * channels
    for row in 1..<height - 1 {
      for place in row * line + channels..<(row + 1) * line - channels {
        var sum = 4 * Int(bytes[place])
        for above in [place - line, place, place + line] {
          sum += Int(bytes[above - channels]) + Int(bytes[above]) + Int(bytes[above + channels])
        }
        result[place] = UInt8((2 * sum + 13) / 26)
      }
    }
    return result
  }

  /// Sends every byte through a function.
  mutating func mapBytes(_ function: (UInt8) -> UInt8) {
    for place in bytes.indices { bytes[place] = function(bytes[place]) }
  }

  /// Sends the bytes of every channel through a table made from their histogram.
  mutating func mapChannels(_ table: (_ histogram: [Int]) -> [UInt8]) {
    for channel in 0..<channels {
      let places = stride(from: channel, to: bytes.count, by: channels)
      var histogram = [Int](repeating: 0, count: 256)
      for place in places { histogram[Int(bytes[place])] += 1 }
      let curve = table(histogram)
      for place in places { bytes[place] = curve[Int(bytes[place])] }
    }
  }

  /// Mixes with another image: `share` of this one and the rest of the other, cut off to whole bytes.
  ///
  /// - Parameters:
  ///   - share: in [0, 1].
  ///   - other: its byte at a pixel and at a place in the bytes.
  mutating func blend(_ share: Float, _ other: (_ pixel: Int, _ place: Int) -> UInt8) {
    for place in bytes.indices {
      let rest = Float(other(place / channels, place))
      bytes[place] = UInt8(rest + share * (Float(bytes[place]) - rest))
    }
  }

  /// Where the pixel of a place comes from: x = a·column + b·row + c, y = d·column + e·row + f.
  struct Map {
    let a, b, c, d, e, f: Double

    init(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double) {
      (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
    }
  }

  /// Turns the image about its centre, counter-clockwise.
  mutating func rotate(degrees: Double) {
    let angle = -degrees * .pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let (x, y) = (Double(width) / 2, Double(height) / 2)
    transform(Map(cosine, sine, x - cosine * x - sine * y, -sine, cosine, y + sine * x - cosine * y))
  }

  /// Takes the nearest pixel; what comes from outside is black. In steps of 1/65536 of a pixel, as Pillow.
  mutating func transform(_ map: Map) {
    func fixed(_ value: Double) -> Int { Int((value * 65_536 + 0.5).rounded(.down)) }
    let (a, b, d, e) = (fixed(map.a), fixed(map.b), fixed(map.d), fixed(map.e))
    let startX = fixed(map.c + map.a * 0.5 + map.b * 0.5)
    let startY = fixed(map.f + map.d * 0.5 + map.e * 0.5)
    let source = bytes
    for row in 0..<height {
      for column in 0..<width {
        let x = (startX + column * a + row * b) >> 16
        let y = (startY + column * d + row * e) >> 16
        let isInside = x >= 0 && x < width && y >= 0 && y < height
        for channel in 0..<channels {
          bytes[(row * width + column) * channels + channel] =
            isInside ? source[(y * width + x) * channels + channel] : 0
        }
      }
    }
  }

  /// Fills a square with the grey (125, 123, 114), as the released code draws it: the right and lower border belong to it.
  ///
  /// - Parameters:
  ///   - side: pixels; none for 0.
  ///   - x: column of the centre.
  ///   - y: row of the centre.
  package mutating func cutOut(side: Double, x: Double, y: Double) {
    guard side > 0 else { return }
    let colour: [UInt8] = channels == 3 ? [125, 123, 114] : [123]
    let (left, top) = (Int(max(0, x - side / 2)), Int(max(0, y - side / 2)))
    let right = Int(min(Double(width), Double(left) + side))
    let bottom = Int(min(Double(height), Double(top) + side))
    for row in top...max(top, min(bottom, height - 1)) where row < height {
      for column in left...max(left, min(right, width - 1)) where column < width {
        for channel in 0..<channels { bytes[(row * width + column) * channels + channel] = colour[channel] }
      }
    }
  }
}
