import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite("simkd")
struct SimKDTests {
  @Test("deploys the student with a projector and the teacher's own classifier")
  func deployed() throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8x4", seed: 2))
    let method = try MethodRegistry.make("simkd", [:], setup(student, teacher))
    let network = try #require(method.deployed)
    #expect(network.specification.name == "resnet8-simkd")
    let values = Dictionary(uniqueKeysWithValues: network.namedParameters.map { ($0.name, $0.parameter.tensor) })
    let other = Dictionary(uniqueKeysWithValues: teacher.namedParameters.map { ($0.name, $0.parameter.tensor) })
    for name in ["fc.weight", "fc.bias"] { #expect(values[name]?.floats == other[name]?.floats) }
    // 64 → 128 → 128 → 256 channels with three normalisations in place of the student's own classifier.
    let projector = 64 * 128 + 128 * 128 * 9 + 128 * 256 + 2 * (128 + 128 + 256)
    #expect(network.parameterCount == student.parameterCount - 650 + projector + 2570)
    #expect(network.layers.reduce(0) { $0 + $1.parameters } == network.parameterCount)
  }

  @Test("answers like the teacher once its map is the teacher's")
  func teacherMap() throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("cnn2", seed: 2))
    // A pooling stands between this teacher's last stage and its classifier.
    let method = try MethodRegistry.make("simkd", [:], setup(student, teacher))
    let images = batch(3)
    let loss = method.loss(method.step(student, teacher, images))
    let network = try #require(method.deployed)
    let pass = ForwardPass(.evaluation, features: [FeaturePoint("projector")])
    _ = withoutRecording { network(images.images, pass) }
    let map = teacher.feature(FeaturePoint("conv2"), of: images.images)
    let pooled = maxPooling(map, size: 2)
    let own = pass.feature(FeaturePoint("projector"))
    #expect(own.shape == pooled.shape)
    #expect(abs(loss.item - meanSquaredError(own, pooled).item) < 1e-5 * loss.item)
  }

  @Test("trains student and projector and leaves the classifier alone, decay or not")
  func training() throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
    let method = try MethodRegistry.make("simkd", [:], setup(student, teacher))
    let program = JointProgram(
      student: student, teacher: teacher, labelWeight: 0, terms: [.init(name: "simkd", method: method, weight: 1)]
    ) { SGD([ParameterGroup($0, weightDecay: 0.01)]) }
    #expect(program.student === method.deployed as AnyObject)
    let before = program.student.namedParameters.map { ($0.name, $0.parameter.tensor.floats) }
    for step in 0..<2 {
      _ = try program.step(
        batch(8), TrainingClock(step: step, epochs: 1, stepsPerEpoch: 2), learningRate: 0.1, random: Philox(seed: 1))
    }
    for ((name, old), new) in zip(before, program.student.namedParameters) {
      #expect((new.parameter.tensor.floats == old) == name.hasPrefix("fc."), "\(name)")
    }
  }

  @Test("refuses a teacher whose classifier reads something else than the mean of its last map")
  func hiddenLayers() throws {
    // Its last layer is as wide as its last map, but hidden layers stand between.
    let specification = ModelSpecification(
      "alexnet", classes: 10, height: 16, width: 16, options: ["hidden": .number(256)])
    let (student, teacher) = (try network("resnet8", seed: 1), try ModelCatalog.build(specification, seed: 2))
    let error = #expect(throws: InputError.self) { try MethodRegistry.make("simkd", [:], setup(student, teacher)) }
    #expect(error?.description.contains("reads more than this") == true)
  }

  @Test("does not go with a student of two stages")
  func twoStages() throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
    let method = try MethodRegistry.make("simkd", [:], setup(student, teacher))
    #expect(
      throws: InputError("s", "simkd does not go with a student of two stages", remedy: "use schedule: joint")
    ) { try TwoStageProgram.distilledLayer(of: student, [method], at: "s") }
  }
}
