import Models
import NeuralNetworks
import Support
import Tensors

/// Layers of student and teacher that a method pairs by itself: any number of each, shallow first.
struct LayerSets {
  /// The student's layers.
  let student: [ProbePoint]
  /// The teacher's layers.
  let teacher: [ProbePoint]

  /// - Parameters:
  ///   - options: of a method that has ``MethodSetup/layerOptions``.
  ///   - setup: the networks.
  ///   - method: for error lines.
  ///   - chosen: the layers of a network where none are named.
  /// - Throws: ``InputError`` for a layer that does not exist or is no map.
  init(
    _ options: Options, _ setup: MethodSetup, _ method: String, unlessNamed chosen: (any Network) -> [ProbePoint]
  ) throws {
    func points(_ network: any Network, _ names: [String]) throws -> [ProbePoint] {
      if names.isEmpty { _ = try network.lastMap(at: setup.place) }
      let points = names.isEmpty ? chosen(network) : try names.map { try network.probePoint($0, at: setup.place) }
      for point in points where point.output.rank != 3 {
        throw InputError(
          setup.place, "\(point.name) is a vector of \(point.output)", remedy: "\(method) needs feature maps")
      }
      return points
    }
    student = try points(setup.student, options[MethodSetup.allLayers])
    teacher = try points(setup.teacher, options[MethodSetup.teacherLayers])
  }

  /// For the student's pass.
  var studentFeatures: Set<FeaturePoint> { Set(student.map { FeaturePoint($0.name) }) }
  /// For the teacher's pass.
  var teacherFeatures: Set<FeaturePoint> { Set(teacher.map { FeaturePoint($0.name) }) }

  /// The maps of one step, the teacher's constant.
  func maps(_ step: KnowledgeStep) -> (student: [Tensor], teacher: [Tensor]) {
    (
      student.map { step.studentPass.feature(FeaturePoint($0.name)) },
      teacher.map { step.teacherPass.feature(FeaturePoint($0.name)).detached() }
    )
  }
}

extension Network {
  /// Outputs of all residual blocks, shallow first; the ends of the stages where there are none. Of more than forty
  /// every second one.
  var residualBlocks: [ProbePoint] {
    let blocks = probePoints.filter {
      $0.output.rank == 3 && $0.name.wholeMatch(of: /(layer|block)\d+\.(layer\.)?\d+/) != nil
    }
    guard !blocks.isEmpty else { return stages }
    return blocks.count <= 40 ? blocks : blocks.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }
}
