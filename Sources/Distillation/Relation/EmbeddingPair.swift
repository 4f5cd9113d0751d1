import Models
import NeuralNetworks
import Support
import Tensors

/// The vectors of both networks that relations between images are taken from: the pooled last map, unless a layer is
/// named. Their widths may differ.
struct EmbeddingPair {
  /// Where the student's vector is taken.
  let student: ProbePoint
  /// Where the teacher's vector is taken.
  let teacher: ProbePoint

  /// The options of a method with such a pair.
  static let options = [layer.option, teacherLayer.option]
  private static let layer = OptionKey.text("layer", "the student's layer; the vector before the logits unless given")
  private static let teacherLayer = OptionKey.text("teacher-layer", "the teacher's, where it is named otherwise")

  /// - Throws: ``InputError`` for a layer that does not exist.
  init(_ options: Options, _ setup: MethodSetup, _ method: String) throws {
    let name = options[Self.layer]
    student = try setup.vector(of: setup.student, name, "layer", for: method)
    teacher = try setup.vector(
      of: setup.teacher, options[Self.teacherLayer] ?? name, "teacher-layer", for: method)
  }

  /// For the student's pass.
  var studentFeatures: Set<FeaturePoint> { [FeaturePoint(student.name)] }
  /// For the teacher's pass.
  var teacherFeatures: Set<FeaturePoint> { [FeaturePoint(teacher.name)] }

  /// [batch, features] of both; maps are flattened. The teacher's is a constant.
  func vectors(_ step: KnowledgeStep) -> (student: Tensor, teacher: Tensor) {
    (step.studentPass.feature(FeaturePoint(student.name)).flattened, teacherVector(step))
  }

  /// [batch, features] of the teacher alone, a constant: in stages where the student does not run.
  func teacherVector(_ step: KnowledgeStep) -> Tensor {
    step.teacherPass.feature(FeaturePoint(teacher.name)).detached().flattened
  }

  /// Width of the student's vector.
  var studentWidth: Int { student.output.count }
  /// Width of the teacher's vector.
  var teacherWidth: Int { teacher.output.count }
}

extension Tensor {
  /// [batch, everything else].
  var flattened: Tensor { shape.rank == 2 ? self : reshaped([shape[0], count / max(1, shape[0])]) }
}

extension MethodSetup {
  /// A named layer of a network, or the vector before its logits.
  ///
  /// - Parameters:
  ///   - network: one of the networks of the training.
  ///   - name: of the layer; nil for the vector.
  ///   - option: under which the user names the layer, for the error line.
  ///   - method: for the error line.
  /// - Returns: where the vector is taken.
  /// - Throws: ``InputError`` for a layer that does not exist.
  func vector(of network: any Network, _ name: String?, _ option: String, for method: String) throws -> ProbePoint {
    if let name { return try network.probePoint(name, at: place) }
    guard let point = network.embedding else {
      throw InputError(
        place, "\(method) finds no vector before the logits of \(network.specification.name)",
        remedy: "name one with \(option): " + network.probePoints.map(\.name).joined(separator: ", "))
    }
    return point
  }
}

extension LossInput {
  /// Embeddings of student and teacher, whose widths may differ.
  static let embeddings = [LossInput("student.embedding", "B D"), LossInput("teacher.embedding", "B E")]
}
