import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("A teacher that sees images otherwise than its student")
struct TeacherViewTests {
  private let shown = batch(8)

  /// kd of a program whose batches hold other images a second time.
  private func loss(_ view: TeacherView, second: Tensor?) throws -> (kd: Float?, view: BatchView) {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
    let term = JointProgram.Term(
      name: "kd", method: try MethodRegistry.make("kd", [:], setup(student, teacher)), weight: 1)
    let program = JointProgram(student: student, teacher: teacher, terms: [term], teacherView: view) {
      SGD([ParameterGroup($0)])
    }
    let asked = Batch(
      images: shown.images, labels: shown.labels, indices: shown.indices, secondImages: second)
    let values = try program.step(asked, clock, learningRate: 0.1, random: Philox(seed: 1))
    return (Dictionary(uniqueKeysWithValues: zip(program.termNames, values))["kd"], program.view)
  }

  @Test("answers for the second images, and the student for the first alone", arguments: [TeacherView.clean, .another])
  func second(view: TeacherView) throws {
    let other = Tensor(shown.images.floats.map { 0.3 - $0 }, shape: shown.images.shape)
    let found = try loss(view, second: other)
    #expect(found.view == .taught(view) && found.view.count == 1 && found.view.isDouble)
    // By hand: KL at T = 4 between the student's logits of the first and the teacher's of the second images.
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
    let own = (student(shown.images, ForwardPass(.training, random: Philox(seed: 1))) / 4).logSoftmax()
    let target = (teacher.logits(other) / 4).logSoftmax()
    let expected = (target.exp() * (target - own)).sum().item * 16 / 8
    #expect(abs(try #require(found.kd) - expected) < 1e-5 * abs(expected))
    // It is another loss than that of teacher and student before the same images.
    let same = try loss(.same, second: nil)
    #expect(same.view == .ordinary)
    #expect(abs(try #require(same.kd) - expected) > 1e-3 * abs(expected))
  }
}
