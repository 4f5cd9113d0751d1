import Foundation

/// Writes scenes as SVG: text as text, shapes as paths, rasters as images by nearest neighbour.
struct SVGWriter {
  /// The font of the figures, then what is as wide where there is none.
  private static let fonts = "DejaVu Sans, Verdana, Bitstream Vera Sans, sans-serif"

  /// Before every name that the drawing gives to one of its parts: names of one page differ.
  private let prefix: String
  private var text = ""
  /// Names of the boxes that something ends at.
  private var clips: [String: String] = [:]
  /// Names of forms that are drawn at several places.
  private var forms: [String: String] = [:]
  /// Shapes of so many strokes are written once and used where they are drawn: outlines of masks come many times.
  private static let formStrokes = 8

  /// - Parameters:
  ///   - scene: in points.
  ///   - prefix: before names in the drawing; differs between the drawings of one page.
  ///   - attributes: of the root beside those that every drawing has, each after a space.
  /// - Returns: an element `svg`, on one line for each mark.
  /// - Throws: ``WorkError`` if an image cannot be packed.
  static func element(_ scene: Scene, prefix: String = "", attributes: String = "") throws -> String {
    var writer = SVGWriter(prefix: prefix)
    let (width, height) = (number(scene.size.width), number(scene.size.height))
    writer.text = """
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="\(width)pt" \
      height="\(height)pt" viewBox="0 0 \(width) \(height)" font-family="\(fonts)" fill="none" stroke-linejoin="round" \
      style="background:#fff" xml:space="preserve"\(attributes)>

      """
    try writer.write(scene.elements)
    return writer.text + "</svg>"
  }

  private init(prefix: String) { self.prefix = prefix }

  private mutating func write(_ elements: [Element]) throws {
    for element in elements {
      switch element {
      case .text(let run): write(run)
      case .shape(let shape): write(shape)
      case .raster(let raster, let box): try write(raster, in: box)
      case .clipped(let box, let inner):
        let clip = clip(box)
        text += "<g clip-path=\"url(#\(clip))\">\n"
        try write(inner)
        text += "</g>\n"
      case .noted(let note, let inner):
        text += "<g><title>\(Self.escaped(note))</title>\n"
        try write(inner)
        text += "</g>\n"
      }
    }
  }

  private mutating func write(_ run: TextRun) {
    let (x, y) = (Self.number(run.origin.x), Self.number(run.origin.y))
    // Another font than ours fills the same room.
    let length =
      run.text.count > 1 ? " textLength=\"\(Self.number(run.advance))\" lengthAdjust=\"spacingAndGlyphs\"" : ""
    let turn = run.isVertical ? " transform=\"rotate(-90 \(x) \(y))\"" : ""
    text += """
      <text x="\(x)" y="\(y)" font-size="\(Self.number(run.size))" fill="\(run.color.hex)"\(length)\(turn)>\
      \(run.text.escapedMarkup)</text>

      """
  }

  private mutating func write(_ shape: Shape) {
    if shape.steps.count == 1, case .circle(let center, let radius) = shape.steps[0] {
      text += """
        <circle cx="\(Self.number(center.x))" cy="\(Self.number(center.y))" r="\(Self.number(radius))"\(Self.paint(shape))/>

        """
      return
    }
    if let start = shape.steps.first?.place, shape.steps.count(where: \.isMove) > Self.formStrokes,
      shape.steps.allSatisfy({ $0.place != nil })
    {
      let form = form(Self.path(shape.steps.map { $0.moved(by: Point(-start.x, -start.y)) }))
      let (x, y) = (Self.number(start.x), Self.number(start.y))
      text += "<use xlink:href=\"#\(form)\" x=\"\(x)\" y=\"\(y)\"\(Self.paint(shape))/>\n"
      return
    }
    text += "<path d=\"\(Self.path(shape.steps))\"\(Self.paint(shape))/>\n"
  }

  private mutating func write(_ raster: Raster, in box: Rectangle) throws {
    text += """
      <image x="\(Self.number(box.x))" y="\(Self.number(box.y))" width="\(Self.number(box.width))" \
      height="\(Self.number(box.height))" preserveAspectRatio="none" image-rendering="optimizeSpeed" \
      style="image-rendering:pixelated"\(raster.legend.map { Self.attributes($0, width: raster.width) } ?? "") \
      xlink:href="data:image/png;base64,\(try raster.png().base64EncodedString())"/>

      """
  }

  /// The name of a form, which is described where it is used first.
  private mutating func form(_ path: String) -> String {
    if let known = forms[path] { return known }
    let name = "\(prefix)p\(forms.count + 1)"
    forms[path] = name
    text += "<defs><path id=\"\(name)\" d=\"\(path)\"/></defs>\n"
    return name
  }

  /// The name of a box, which is described where it is used first.
  private mutating func clip(_ box: Rectangle) -> String {
    let place = """
      x="\(Self.number(box.x))" y="\(Self.number(box.y))" width="\(Self.number(box.width))" \
      height="\(Self.number(box.height))"
      """
    if let known = clips[place] { return known }
    let name = "\(prefix)c\(clips.count + 1)"
    clips[place] = name
    text += "<clipPath id=\"\(name)\"><rect \(place)/></clipPath>\n"
    return name
  }
}

extension SVGWriter {
  /// The numbers behind the pixels, for a page that shows them where a reader points.
  private static func attributes(_ legend: RasterLegend, width: Int) -> String {
    func list(_ texts: [String]) -> String {
      escaped(texts.map { $0.replacing("\n", with: " ") }.joined(separator: "\n"))
    }
    var attributes = " data-width=\"\(width)\" data-quantity=\"\(escaped(TextSpan.plain(legend.quantity)))\""
    if !legend.rows.isEmpty { attributes += " data-rows=\"\(list(legend.rows))\"" }
    if !legend.columns.isEmpty { attributes += " data-columns=\"\(list(legend.columns))\"" }
    let values = legend.values.map { $0.isFinite ? NumberText.significant($0, digits: 3) : "" }
    return attributes + " data-values=\"\(values.joined(separator: ","))\""
  }

  private static func path(_ steps: [Shape.Step]) -> String {
    var path = ""
    var last = (x: "", y: "")
    for step in steps {
      switch step {
      case .move(let point), .line(let point):
        let (x, y) = (number(point.x), number(point.y))
        if case .move = step {
          path += "M\(x) \(y)"
        } else if y == last.y {
          path += "H\(x)"
        } else if x == last.x {
          path += "V\(y)"
        } else {
          path += "L\(x) \(y)"
        }
        last = (x, y)
      case .circle(let center, let radius):
        let (left, right, y, r) = (
          number(center.x - radius), number(center.x + radius), number(center.y), number(radius)
        )
        path += "M\(left) \(y)A\(r) \(r) 0 1 1 \(right) \(y)A\(r) \(r) 0 1 1 \(left) \(y)Z"
        last = (left, y)
      case .close:
        path += "Z"
        // The pen is where the part began.
        last = ("", "")
      }
    }
    return path
  }

  private static func paint(_ shape: Shape) -> String {
    var paint = ""
    if let fill = shape.fill {
      paint += " fill=\"\(fill.color.hex)\"" + (fill.alpha < 1 ? " fill-opacity=\"\(number(fill.alpha))\"" : "")
    }
    if let stroke = shape.stroke {
      paint += " stroke=\"\(stroke.color.hex)\" stroke-width=\"\(number(stroke.width))\""
      if !stroke.dash.isEmpty { paint += " stroke-dasharray=\"\(stroke.dash.map(number).joined(separator: " "))\"" }
      if stroke.alpha < 1 { paint += " stroke-opacity=\"\(number(stroke.alpha))\"" }
    }
    // What nobody sees can be pointed at.
    return paint.isEmpty ? " pointer-events=\"all\"" : paint
  }

  /// A number to a hundredth of a point.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int((value.clamped(to: -1e7...1e7) * 100).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let decimals = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
    return (hundredths < 0 ? "-" : "") + "\(whole)\(decimals)"
  }

  /// Text of several lines, which an attribute keeps only as references.
  static func escaped(_ text: String) -> String { text.escapedMarkup.replacing("\n", with: "&#10;") }
}

extension Shape.Step {
  fileprivate var isMove: Bool { if case .move = self { true } else { false } }

  /// Where the pen goes; nil for a circle and a close.
  fileprivate var place: Point? {
    switch self {
    case .move(let point), .line(let point): point
    case .circle, .close: nil
    }
  }

  /// The same step elsewhere; a circle and a close stay.
  fileprivate func moved(by offset: Point) -> Shape.Step {
    switch self {
    case .move(let point): .move(Point(point.x + offset.x, point.y + offset.y))
    case .line(let point): .line(Point(point.x + offset.x, point.y + offset.y))
    case .circle, .close: self
    }
  }
}
