import NeuralNetworks
import Tensors

extension KnowledgeStep {
  /// Gradients of a sum over the student's logits with respect to the images, on the tape: they can be differentiated
  /// again. With batch normalisation in training mode each image's also holds what it does to the others.
  ///
  /// - Parameter score: a scalar from logits [batch, classes], a sum over the images.
  /// - Returns: [batch, height, width, channels].
  func studentInputGradients(of score: (Tensor) -> Tensor) -> Tensor {
    studentInputGradients(of: score(studentLogits))
  }

  /// The same of a scalar that the step's pass of the student computed.
  func studentInputGradients(of score: Tensor) -> Tensor {
    gradients(of: score, with: [batch.images], keepsTape: true, recordsAgain: true)[0]
  }

  /// The same of the teacher in evaluation mode: a constant.
  func teacherInputGradients(of score: (Tensor) -> Tensor) -> Tensor {
    if let tape = teacherTape { return gradients(of: score(tape.logits), with: [tape.images], keepsTape: true)[0] }
    let images = batch.images.detached()
    images.setRequiresGradient(true)
    return gradients(of: score(teacher(images, ForwardPass(.evaluation))), with: [images])[0]
  }

  /// A further pass of the student like the step's own: its mode, and a stream for dropout of its own.
  ///
  /// - Parameter updatesStatistics: whether running averages see the images as well, where the step's pass shows them.
  /// - Returns: a pass that keeps no features.
  func furtherStudentPass(updatesStatistics: Bool = true) -> ForwardPass {
    ForwardPass(
      studentPass.mode, updatesStatistics: updatesStatistics && studentPass.updatesStatistics,
      random: random)
  }
}

/// ‖s/‖s‖ − t/‖t‖‖², mean over the images: how far the directions of two networks' gradients are apart.
///
/// - Parameters:
///   - student: [batch, …].
///   - teacher: the same shape, a constant.
/// - Returns: a scalar.
func directionDistance(_ student: Tensor, _ teacher: Tensor) -> Tensor {
  let (own, other) = directions(student, teacher)
  return (own - other).sumOfSquares(alongAxes: [1]).mean()
}

/// Both at length 1, [batch, values].
func directions(_ student: Tensor, _ teacher: Tensor) -> (student: Tensor, teacher: Tensor) {
  (student.flattened.normalized(alongAxis: 1), withoutRecording { teacher.flattened.normalized(alongAxis: 1) })
}

extension LossInput {
  /// Gradients with respect to the images, which feature maps' axis order holds for.
  static let inputGradients = [
    LossInput("student.input_gradients", "B C H W"), LossInput("teacher.input_gradients", "B C H W"),
  ]
}
