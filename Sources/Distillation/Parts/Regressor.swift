import Models
import NeuralNetworks
import Support
import Tensors

/// The regressor of FitNets as RepDistiller builds it: a convolution that brings a student's map to the teacher's channels and
/// size, batch normalisation and, unless left out, a ReLU.
///
/// Twice the teacher's size: 3×3 with stride 2. Half of it: a transposed 4×4 with stride 2. No smaller otherwise: a kernel
/// of 1 + the difference, which is 1×1 where the sizes agree.
final class Regressor: Module {
  private let convolution: PlainConvolution
  private let normalization: BatchNormalization2D
  private let hasRelu: Bool

  /// - Parameters:
  ///   - own: the student's layer, a map.
  ///   - other: the teacher's layer, a map.
  ///   - hasRelu: whether a ReLU ends it.
  ///   - initialiser: gives the weights.
  ///   - place: where the method stands in the recipe.
  /// - Throws: ``InputError`` for sizes that no such convolution connects.
  init(
    from own: ProbePoint, to other: ProbePoint, relu hasRelu: Bool = true, _ initialiser: Initialiser, at place: String
  )
    throws
  {
    let (a, b) = (own.output, other.output)
    let form: (kernel: HeightWidth, form: ConvolutionForm, isTransposed: Bool)
    if a[0] == 2 * b[0], a[1] == 2 * b[1] {
      form = (3, ConvolutionForm(stride: 2, padding: 1), false)
    } else if 2 * a[0] == b[0], 2 * a[1] == b[1] {
      form = (4, ConvolutionForm(stride: 2, padding: 1), true)
    } else if a[0] >= b[0], a[1] >= b[1] {
      form = (HeightWidth(height: 1 + a[0] - b[0], width: 1 + a[1] - b[1]), ConvolutionForm(), false)
    } else {
      throw InputError(
        place, "no regressor leads from the student's \(own.name) \(a) to the teacher's \(other.name) \(b)",
        remedy: "the student's map must have half the teacher's height and width, or no less than them")
    }
    convolution = PlainConvolution(
      a[2], b[2], kernel: form.kernel, form: form.form, transposed: form.isTransposed, initialiser)
    normalization = BatchNormalization2D(b[2])
    self.hasRelu = hasRelu
  }

  /// [batch, height, width, the student's channels] → a map of the teacher's shape.
  func callAsFunction(_ map: Tensor, _ pass: ForwardPass) -> Tensor {
    normalization(convolution(map), pass, relu: hasRelu)
  }

  func visit(_ visitor: ParameterVisitor) {
    visitor.visit("convolution", convolution)
    visitor.visit("norm", normalization)
  }
}
