import CZlib
import Foundation
import FoundationXML
import Plotting
import Testing

/// How many marks a drawing has, whatever draws it.
struct MarkCount: Equatable, CustomStringConvertible {
  var shapes = 0
  var rasters = 0
  var texts = 0

  var description: String { "\(shapes) shapes, \(rasters) rasters, \(texts) texts" }
}

extension Scene {
  /// What is seen of the scene.
  var marks: MarkCount { Self.marks(elements) }

  private static func marks(_ elements: [Element]) -> MarkCount {
    elements.reduce(into: MarkCount()) { count, element in
      switch element {
      case .text: count.texts += 1
      case .shape(let shape): count.shapes += shape.fill == nil && shape.stroke == nil ? 0 : 1
      case .raster: count.rasters += 1
      case .clipped(_, let inner), .noted(_, let inner):
        let more = marks(inner)
        count.shapes += more.shapes
        count.rasters += more.rasters
        count.texts += more.texts
      }
    }
  }
}

/// An SVG file, read as XML.
final class SVGContents: NSObject, XMLParserDelegate {
  private(set) var marks = MarkCount()
  /// What stands in elements `text`, in order.
  private(set) var texts: [String] = []
  /// What stands in elements `title`.
  private(set) var notes: [String] = []
  /// Attributes of images.
  private(set) var images: [[String: String]] = []
  private var characters: String?

  init(_ data: Data) throws {
    super.init()
    let parser = XMLParser(data: data)
    parser.delegate = self
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    switch name {
    case "path", "circle", "use": marks.shapes += attributes["fill"] == nil && attributes["stroke"] == nil ? 0 : 1
    case "image":
      marks.rasters += 1
      images.append(attributes)
    case "text", "title": characters = ""
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { characters?.append(string) }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    guard let text = characters else { return }
    if name == "text" {
      marks.texts += 1
      texts.append(text)
    } else {
      notes.append(text)
    }
    characters = nil
  }
}

/// A PDF file of one page as cairo writes it.
struct PDFContents {
  /// Shapes and images that are painted; texts are not counted one by one.
  private(set) var marks = MarkCount()
  /// Font programs in the file.
  private(set) var fonts = 0

  init(_ data: Data) throws {
    fonts = data.count(of: "/FontFile")
    let streams = data.streams()
    let page = try #require(streams.first { $0.starts(with: "1 0 0 -1 0 ".utf8) }, "the page's drawing")
    var isShown = false
    for token in String(decoding: page, as: UTF8.self).split(whereSeparator: \.isWhitespace) {
      switch token {
      case "S", "f", "f*", "B", "B*": if !isShown { marks.shapes += 1 }
      case "Do": marks.rasters += 1
      case "BT": isShown = true
      case "ET": isShown = false
      default: break
      }
    }
  }
}

extension Data {
  fileprivate func count(of word: String) -> Int {
    var (count, start) = (0, startIndex)
    while let found = range(of: Data(word.utf8), in: start..<endIndex) {
      count += 1
      start = found.upperBound
    }
    return count
  }

  /// The contents of a PDF file's streams, unpacked where they are packed.
  fileprivate func streams() -> [[UInt8]] {
    var (streams, start): ([[UInt8]], Data.Index) = ([], startIndex)
    var unpacked = [UInt8](repeating: 0, count: 1 << 24)
    while let begin = range(of: Data("stream\n".utf8), in: start..<endIndex),
      let end = range(of: Data("endstream".utf8), in: begin.upperBound..<endIndex)
    {
      let packed = [UInt8](self[begin.upperBound..<end.lowerBound])
      var length = uLongf(unpacked.count)
      if uncompress(&unpacked, &length, packed, uLong(packed.count)) == Z_OK {
        streams.append(Array(unpacked.prefix(Int(length))))
      }
      start = end.upperBound
    }
    return streams
  }
}
