import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite("Maps before and after their ReLUs")
struct OFDTests {
  @Test(
    "have the margins that the authors' code gives",
    arguments: [
      (1, 0.1, -0.762_617_47), (-0.5, 0.3, -0.307_512_88), (0.8, -0.4, -0.807_328_35), (0.2, 1, -0.6),
      (2, -1.5, -2.278_764_11), (0, 0.7, 0), (0, -0.7, -0.7),
    ])
  func margin(_ scale: Double, _ shift: Double, _ expected: Double) {
    #expect(abs(negativeMean(scale: scale, shift: shift) - expected) < 1e-8)
  }

  @Test("cut the teacher's responses at the margins of the last normalisation of the main branch")
  func normalisation() throws {
    // One block per stage, so that a shortcut's normalisation is listed last.
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    func loss(changing name: String) throws -> Float {
      let copy = try network("resnet8", seed: 2)
      for (other, parameter) in copy.namedParameters where other == name {
        parameter.assign(.filled(-3, shape: parameter.tensor.shape))
      }
      let method = try MethodRegistry.make("ofd", [:], setup(student, copy))
      // The same teacher runs: only the margins differ.
      return method.loss(method.step(student, teacher, batch(4))).item
    }
    let plain = try loss(changing: "")
    #expect(try loss(changing: "layer2.0.bn2.bias") != plain)
    for name in ["layer2.0.downsample.1.bias", "layer2.0.bn1.bias", "bn1.bias"] {
      #expect(try loss(changing: name) == plain, "\(name)")
    }
  }

  @Test("are found where a ReLU acts, in every family")
  func places() throws {
    func points(_ model: String, _ method: String, _ side: KeyPath<any DistillationMethod, Set<FeaturePoint>>) throws
      -> Set<FeaturePoint>
    {
      let size = model == "resnet8" ? 16 : 32
      let networks = (try network(model, seed: 1, size: size), try network(model, seed: 2, size: size))
      return try MethodRegistry.make(method, [:], setup(networks.0, networks.1))[keyPath: side]
    }
    let wide = ["block2.layer.0.bn1", "block3.layer.0.bn1", "bn1"].map { FeaturePoint($0, preActivation: true) }
    #expect(try points("wrn-10-1", "ofd", \.studentFeatures) == Set(wide))
    let stages = ["layer1", "layer2", "layer3"]
    #expect(
      try points("resnet8", "activation-boundary", \.teacherFeatures)
        == Set(stages.map { FeaturePoint($0, preActivation: true) }))
    #expect(try points("resnet8", "fitnet", \.studentFeatures) == [FeaturePoint("layer2")])
    #expect(
      try points("resnet8", "review-kd", \.teacherFeatures)
        == Set(stages.map { FeaturePoint($0, preActivation: true) } + [FeaturePoint("layer3")]))
    #expect(try points("resnet8", "review-kd", \.studentFeatures) == Set(stages.map { FeaturePoint($0) }))
    #expect(
      try points("resnet8", "fsp", \.studentFeatures) == Set((["conv1"] + stages).map { FeaturePoint($0) }))
  }

  @Test("need a normalisation for their margins, and say so")
  func refused() throws {
    let student = try network("resnet8", seed: 1, size: 32)
    let error = #expect(throws: InputError.self) {
      try MethodRegistry.make(
        "ofd", ["layers": .list([.text("layer1")]), "teacher-layers": .list([.text("features.0")])],
        setup(student, try network("vgg11", seed: 2, size: 32)))
    }
    #expect(
      error?.description.hasPrefix(
        "r.yaml:5:3: no batch normalisation of 64 channels ends the teacher's features.0; take a teacher with one")
        ?? false, "\(error?.description ?? "")")
    let sizes = #expect(throws: InputError.self) {
      try MethodRegistry.make(
        "fitnet", ["layers": .list([.text("layer3")]), "teacher-layers": .list([.text("layer1")])],
        setup(student, student))
    }
    #expect(sizes?.description.contains("no regressor leads from the student's layer3 [8, 8, 64]") ?? false)
  }

  @Test("of one place say the same to srrl before and after pooling")
  func pooled() throws {
    func value(_ size: Int, _ variant: String) throws -> Float {
      let student = try network("resnet8", seed: 1, size: size)
      let teacher = try network("resnet14", seed: 2, size: size)
      let method = try MethodRegistry.make("srrl", ["variant": .text(variant)], setup(student, teacher))
      for (name, parameter) in method.parameters where name.hasSuffix("connector.weight") {
        parameter.assign(.normal(parameter.tensor.shape, Philox(seed: 9)))
      }
      return method.loss(method.step(student, teacher, batch(4, size: size))).item
    }
    #expect(try value(4, "map") == value(4, "pooled"))
    #expect(try value(16, "map") != value(16, "pooled"))
  }

  @Test("of the paper's second stage weigh softened logits by a factor that falls from 4 to 1")
  func hintFirst() throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
    let method = try MethodRegistry.make("fitnet", ["stages": .text("hint-first")], setup(student, teacher))
    let seen = method.step(student, teacher, batch(4))
    let kd = softenedDivergence(seen.studentLogits, from: seen.teacherLogits, temperature: 3).item
    for (step, factor) in [(0, 4.0), (10, 2.5), (15, 1.75), (20, 1)] {
      let time = TrainingClock(step: step, epochs: 4, stepsPerEpoch: 5)
      let value = method.loss(
        KnowledgeStep(
          student: student, teacher: teacher, batch: seen.batch, clock: time, studentLogits: seen.studentLogits,
          teacherLogits: seen.teacherLogits, studentPass: seen.studentPass, teacherPass: seen.teacherPass,
          random: seen.random)
      ).item
      #expect(abs(Double(value / kd) - factor) < 1e-5)
    }
    #expect(method.parameters.isEmpty && method.state.contains { $0.name == "regressor.convolution.weight" })
  }
}
