import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// A small network for images of 16×16 pixels in 3 colours.
func network(_ name: String, seed: UInt64, classes: Int = 10, size: Int = 16) throws -> any Network {
  try ModelCatalog.build(ModelSpecification(name, classes: classes, height: size, width: size), seed: seed)
}

/// A batch of random images with labels in turn.
func batch(_ count: Int, size: Int = 16, seed: UInt64 = 5) -> Batch {
  Batch(
    images: .normal([count, size, size, 3], Philox(seed: seed)), labels: (0..<count).map { $0 % 10 },
    indices: Array(0..<count))
}

let clock = TrainingClock(step: 0, epochs: 8, stepsPerEpoch: 1)

/// What makes a method for two networks.
func setup(_ student: any Network, _ teacher: any Network, at place: String = "r.yaml:5:3") -> MethodSetup {
  MethodSetup(
    student: student, teacher: teacher, initialiser: Initialiser(seed: 3), trainingLabels: [0, 1, 2, 3, 4, 5, 6, 7],
    batchSize: 4, place: place)
}

/// A method with its usual options; one that needs further teachers has one.
func made(_ name: String, _ student: any Network, _ teacher: any Network) throws -> any DistillationMethod {
  let plain = setup(student, teacher)
  let further = MethodSetup(
    student: student, teacher: teacher, initialiser: plain.initialiser, trainingLabels: plain.trainingLabels,
    batchSize: plain.batchSize, place: plain.place, readNetwork: { _ in try network("resnet8", seed: 9) })
  let needsTeachers = name == "ca-mkd"
  return try MethodRegistry.make(
    name, needsTeachers ? ["further-teachers": .list([.text("other")])] : [:], needsTeachers ? further : plain)
}

extension DistillationMethod {
  /// What the method sees when both networks run in evaluation mode; `scale` is a factor on the logits of both, and no
  /// program lets the teacher be recorded.
  func step(
    _ student: any Network, _ teacher: any Network, _ batch: Batch, scale: Float = 1, recordsTeacher: Bool = false,
    at time: TrainingClock = clock
  )
    -> KnowledgeStep
  {
    let batch = view == .rotations ? batch.turned : batch
    let student = deployed ?? student
    if needsImageGradients { batch.images.setRequiresGradient(true) }
    let studentPass = ForwardPass(.evaluation, features: studentFeatures)
    let teacherPass = ForwardPass(.evaluation, features: teacherFeatures)
    let studentLogits = student(batch.images, studentPass)
    let teacherLogits =
      recordsTeacher
      ? teacher(batch.images, teacherPass) : withoutRecording { teacher(batch.images, teacherPass) }
    var strong: StrongView?
    if view == .strong {
      // Mirrored images stand for strongly changed ones.
      let images = batch.images.taken((0..<batch.images.shape[2]).reversed(), alongAxis: 2)
      strong = StrongView(
        images: images, studentLogits: student(images, ForwardPass(.evaluation)) * scale,
        teacherLogits: teacher.logits(images) * scale)
    }
    return KnowledgeStep(
      student: student, teacher: teacher, batch: batch, clock: time, studentLogits: studentLogits * scale,
      teacherLogits: teacherLogits * scale, studentPass: studentPass, teacherPass: teacherPass,
      strong: strong, random: Philox(seed: 4))
  }
}

/// ‖all gradients together‖.
func norm(_ gradients: [Tensor]) -> Double {
  gradients.reduce(0) { $0 + $1.floats.reduce(0) { $0 + Double($1) * Double($1) } }.squareRoot()
}

extension Batch {
  /// Each image upright and turned by 90°, 180° and 270°, one after the other.
  fileprivate var turned: Batch {
    let (count, side) = (images.shape[0], images.shape[1])
    func quarter(_ x: Tensor) -> Tensor { x.permuted([0, 2, 1, 3]).taken((0..<side).reversed(), alongAxis: 1) }
    let views = [images, quarter(images), quarter(quarter(images)), quarter(quarter(quarter(images)))]
    return Batch(
      images: stacked(views, alongAxis: 1).reshaped([4 * count, side, side, images.shape[3]]), labels: labels,
      indices: indices)
  }
}

/// PyTorch's [N, C, H, W] as [N, H, W, C]; other ranks as they are.
func channelsLast(_ stored: StoredTensor) throws -> Tensor {
  let tensor = Tensor(try stored.floats(), shape: Shape(stored.shape))
  return tensor.shape.rank == 4 ? tensor.permuted([0, 2, 3, 1]).detached() : tensor
}
