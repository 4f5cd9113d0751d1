/// Size of text, lines and markers: one factor, four names.
public enum FigureScale: String, CaseIterable, Sendable {
  /// Print: labels of 9.6 points.
  case paper
  /// Reading on a screen: 1.25 times as large.
  case notebook
  /// Slides: 1.875 times as large.
  case talk
  /// Posters: 2.5 times as large.
  case poster

  /// How much larger than in print a figure is where nobody says: on slides and posters as much as its text. A figure of
  /// two columns then fills a slide of 16:9, 338.7 mm wide.
  public var enlargement: Double {
    switch self {
    case .paper, .notebook: 1
    case .talk, .poster: factor
    }
  }

  /// Relative to print.
  public var factor: Double {
    switch self {
    case .paper: 1
    case .notebook: 1.25
    case .talk: 1.875
    case .poster: 2.5
    }
  }
}
