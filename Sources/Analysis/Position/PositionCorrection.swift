import Support

/// How what a cell's place alone decides is taken out of entropy maps.
///
/// A cell at the border feeds fewer windows of a convolution, so that its entropy is larger whatever it shows, and
/// backgrounds lie at the border: maps of an untrained network "keep" the object without knowing it.
public enum PositionCorrection: String, OptionChoice, Codable {
  /// By maps of pictures that the data set draws without an object.
  case background
  /// By maps of training pictures whose phases are scrambled.
  case scrambled
  /// By least squares over the probe images themselves: H_ic = a_i + p_c − g·fg_ic.
  case fit
  /// Not at all.
  case none

  /// Whether it needs maps of pictures without an object.
  public var needsPictures: Bool { self == .background || self == .scrambled }
}
