import Models
import NeuralNetworks
import Tensors

/// What a method sees in one step: one forward pass of each network.
public struct KnowledgeStep {
  /// The network that learns, for further passes on the tape.
  public let student: any Network
  /// The frozen network that teaches. A recorded pass gives gradients to images and features, none to its weights. To a
  /// method that asks no teacher it is the student.
  public let teacher: any Network
  /// The images with labels and indices.
  public let batch: Batch
  /// Where in the training the step stands.
  public let clock: TrainingClock
  /// [batch, classes], on the tape.
  public let studentLogits: Tensor
  /// [batch, classes], a constant.
  public let teacherLogits: Tensor
  /// The student's wanted features, on the tape.
  public let studentPass: ForwardPass
  /// The teacher's wanted features, constants.
  public let teacherPass: ForwardPass
  /// The teacher's pass on the tape, where a method wants gradients with respect to the images.
  let teacherTape: TeacherTape?
  /// The strongly augmented images and what the networks say to them, where a method wants that view.
  public let strong: StrongView?
  /// A stream of this step and method alone, for masks and draws.
  public let random: Philox
  private let noted: ((_ name: String, _ value: Double) -> Void)?

  /// - Parameters:
  ///   - student: the network that learns.
  ///   - teacher: the frozen network that teaches.
  ///   - batch: the images with labels and indices.
  ///   - clock: where in the training the step stands.
  ///   - studentLogits: [batch, classes], on the tape.
  ///   - teacherLogits: [batch, classes], a constant.
  ///   - studentPass: holds the student's wanted features.
  ///   - teacherPass: holds the teacher's wanted features.
  ///   - teacherTape: the teacher's pass on the tape, where there is one.
  ///   - strong: the second view, where there is one.
  ///   - random: a stream of this step and method alone.
  ///   - noted: is told what the method notes; nil where nobody wants to know.
  package init(
    student: any Network, teacher: any Network, batch: Batch, clock: TrainingClock, studentLogits: Tensor,
    teacherLogits: Tensor, studentPass: ForwardPass, teacherPass: ForwardPass, teacherTape: TeacherTape? = nil,
    strong: StrongView? = nil, random: Philox, noted: ((_ name: String, _ value: Double) -> Void)? = nil
  ) {
    self.noted = noted
    self.student = student
    self.teacher = teacher
    self.teacherTape = teacherTape
    self.strong = strong
    self.random = random
    self.batch = batch
    self.clock = clock
    self.studentLogits = studentLogits
    self.teacherLogits = teacherLogits
    self.studentPass = studentPass
    self.teacherPass = teacherPass
  }

  /// Notes a number beside the loss: log and report have its mean over an epoch.
  ///
  /// - Parameters:
  ///   - name: what it is, in words without commas: "share of equal signs".
  ///   - value: mean over the batch; asked for, without recording, only where a training keeps it.
  public func note(_ name: String, _ value: () -> Double) {
    guard let noted else { return }
    noted(name, withoutRecording { value() })
  }
}

/// A pass of the teacher in evaluation mode on the tape.
package struct TeacherTape {
  /// [batch, height, width, channels], a leaf.
  let images: Tensor
  /// [batch, classes], computed from it.
  let logits: Tensor
}

/// Strongly augmented images of a step, and what both networks say to them.
public struct StrongView {
  /// [batch, height, width, channels], normalised.
  public let images: Tensor
  /// [batch, classes], on the tape, from a pass of its own.
  public let studentLogits: Tensor
  /// [batch, classes], a constant.
  public let teacherLogits: Tensor

  /// - Parameters:
  ///   - images: [batch, height, width, channels], normalised.
  ///   - studentLogits: [batch, classes], on the tape.
  ///   - teacherLogits: [batch, classes], a constant.
  package init(images: Tensor, studentLogits: Tensor, teacherLogits: Tensor) {
    self.images = images
    self.studentLogits = studentLogits
    self.teacherLogits = teacherLogits
  }
}
