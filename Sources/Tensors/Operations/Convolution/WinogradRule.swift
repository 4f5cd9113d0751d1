/// Where oneDNN's Winograd kernels (3×3, stride 1) beat its direct ones, both activation reorders counted in.
///
/// A fixed rule, not a timing at start: the choice decides the last bits of a result, and two runs of one recipe must
/// agree to the bit. The figures behind it are in `Benchmarks/README.md`.
enum WinogradRule {
  static func winsForward(_ geometry: ConvolutionGeometry) -> Bool { isEligible(geometry) }

  static func winsBackwardData(_ geometry: ConvolutionGeometry) -> Bool { isEligible(geometry) }

  private static func isEligible(_ geometry: ConvolutionGeometry) -> Bool {
    geometry.kernelHeight == 3 && geometry.kernelWidth == 3 && geometry.stride == 1 && geometry.padding == 1
      && geometry.inputs >= 32 && geometry.outputs >= 32 && geometry.inputs % 16 == 0 && geometry.outputs % 16 == 0
      && geometry.batch >= 16
  }
}
