import Testing

extension Tag {
  /// Compares with values recorded by a generator in `Tests/Golden`.
  @Tag public static var golden: Self
  /// Takes more than some seconds.
  @Tag public static var slow: Self
  /// Needs ``SharedData``.
  @Tag public static var shared: Self
  /// Runs the built program.
  @Tag public static var cli: Self
}
