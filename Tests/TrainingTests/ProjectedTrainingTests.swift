import Checkpoints
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing
import Training

/// SimKD changes the network that is deployed: what is trained, saved and measured must be one and the same.
@Suite("A training with simkd")
struct ProjectedTrainingTests {
  @Test("saves the student with projector and classifier, and a checkpoint alone brings it back")
  func checkpoint() throws {
    try withTemporaryDirectory { folder in
      var training = TinyTraining(folder)
      training.model = "resnet8"
      training.settings.epochs = 2
      let (student, teacher) = (
        try training.network(), try ModelCatalog.build(training.specification("resnet14"), seed: 5)
      )
      let setup = MethodSetup(
        student: student, teacher: teacher, initialiser: Initialiser(seed: 3),
        trainingLabels: TinyData.splits.train.labels.map(Int.init), batchSize: 16, place: "tiny")
      let method = try MethodRegistry.make("simkd", ["factor": .number(4)], setup)
      let program = JointProgram(
        student: student, teacher: teacher, labelWeight: 0, terms: [.init(name: "simkd", method: method, weight: 1)],
        makeOptimizer: training.settings.makeOptimizer)
      let history = try training.run(program)
      #expect(history.epochs.count == 2 && history.termNames == ["labels", "simkd"])

      let read = try Checkpoint.read(training.folder.checkpoint(epoch: 2))
      #expect(read.network.specification == program.student.specification)
      #expect(read.network.specification.name == "resnet8-simkd")
      #expect(read.facts?.model == program.student.specification)
      let images = Tensor.normal([4, 16, 16, 3], Philox(seed: 9))
      #expect(read.network.logits(images).floats == program.student.logits(images).floats)
      #expect(read.network.parameterCount == program.student.parameterCount)

      // The first weights are the baseline's, the classifier is the teacher's to the end.
      let first = try training.weights(epoch: 0)
      let baseline = try training.network()
      for (name, parameter) in baseline.namedParameters where !name.hasPrefix("fc.") {
        #expect(first[name] == parameter.tensor.floats)
      }
      let last = try training.weights(epoch: 2)
      for (name, parameter) in teacher.namedParameters where name.hasPrefix("fc.") {
        #expect(last[name] == parameter.tensor.floats)
      }
      #expect(last["projector.conv2.weight"] != first["projector.conv2.weight"])
    }
  }
}
