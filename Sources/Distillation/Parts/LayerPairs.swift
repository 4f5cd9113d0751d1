import Models
import NeuralNetworks
import Support
import Tensors

/// Layers of student and teacher that belong together, shallow first.
struct LayerPairs {
  /// The student's layers.
  let student: [ProbePoint]
  /// The teacher's layers, as many.
  let teacher: [ProbePoint]
  /// Whether features are taken before the ReLU.
  var isBeforeRelu = false

  /// For the student's pass.
  var studentFeatures: Set<FeaturePoint> { Set(student.map(point)) }
  /// Up to where the student must run, and a stage of the method's own trains it.
  var deepestOfStudent: String { student.max { $0.layerCount < $1.layerCount }?.name ?? "" }
  /// For the teacher's pass.
  var teacherFeatures: Set<FeaturePoint> { Set(teacher.map(point)) }

  /// Where a layer's feature is taken.
  func point(_ layer: ProbePoint) -> FeaturePoint {
    FeaturePoint(layer.name, preActivation: isBeforeRelu && layer.hasRelu)
  }

  /// The features of one step, the teacher's constant.
  func features(_ step: KnowledgeStep) -> [(student: Tensor, teacher: Tensor)] {
    zip(student, teacher).map { own, other in
      (student: step.studentPass.feature(point(own)), teacher: step.teacherPass.feature(point(other)).detached())
    }
  }

  /// The teacher's features of one step, constants: for stages in which the student does not run.
  func teacherMaps(_ step: KnowledgeStep) -> [Tensor] {
    teacher.map { step.teacherPass.feature(point($0)).detached() }
  }

  /// Refuses layers that are no maps, or whose channels or sizes differ where the method needs them equal.
  ///
  /// - Throws: ``InputError``.
  func requireMaps(equalChannels: Bool, equalSizes: Bool, for method: String, at place: String) throws {
    for (own, other) in zip(student, teacher) {
      for layer in [own, other] where layer.output.rank != 3 {
        throw InputError(place, "\(layer.name) is a vector of \(layer.output)", remedy: "\(method) needs feature maps")
      }
      let (a, b) = (own.output, other.output)
      guard !equalChannels || a[2] == b[2], !equalSizes || (a[0] == b[0] && a[1] == b[1]) else {
        let needed = [equalSizes ? "height and width" : nil, equalChannels ? "channels" : nil].compactMap { $0 }
        throw InputError(
          place, "the student's \(own.name) is \(a) and the teacher's \(other.name) is \(b)",
          remedy:
            "\(method) needs equal \(needed.joined(separator: " and ")): name others with layers and teacher-layers")
      }
    }
  }
}

extension LossInput {
  /// Maps of both whose channels and sizes may differ.
  static let freeFeatures = [
    LossInput("student.features.*", "B C* H* W*"), LossInput("teacher.features.*", "B E* V* U*"),
  ]
  /// Maps of both with equal channels and sizes.
  static let equalFeatures = [
    LossInput("student.features.*", "B C* H* W*"), LossInput("teacher.features.*", "B C* H* W*"),
  ]
}

extension LayerPairs {
  /// A 1×1 convolution without bias from the student's channels to the teacher's; nil where they agree.
  func projection(_ initialiser: Initialiser) -> Parameter? {
    let (inputs, outputs) = (student[0].output[2], teacher[0].output[2])
    return inputs == outputs ? nil : Parameter(initialiser.uniform([outputs, inputs, 1, 1], fanIn: inputs), .weight)
  }
}
