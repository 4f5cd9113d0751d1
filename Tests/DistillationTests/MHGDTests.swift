import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite("mhgd")
struct MHGDTests {
  private func method(_ options: [String: OptionValue] = [:]) throws -> (
    method: any DistillationMethod, student: any Network, teacher: any Network
  ) {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    return (try MethodRegistry.make("mhgd", options, setup(student, teacher)), student, teacher)
  }

  @Test("trains its attention by the teacher alone and the student by the graphs alone")
  func separation() throws {
    let (method, student, teacher) = try method()
    let step = method.step(student, teacher, batch(6))
    let own = method.parameters.map(\.parameter.tensor)
    let weights = student.trainableParameters.map(\.tensor)
    let transfer = gradients(of: method.loss(step), with: weights + own)
    #expect(norm(Array(transfer[..<weights.count])) > 0 && norm(Array(transfer[weights.count...])) == 0)
    let companion = try #require(method.companion)
    let attention = gradients(of: companion.loss(step), with: weights + own)
    #expect(norm(Array(attention[..<weights.count])) == 0 && norm(Array(attention[weights.count...])) > 0)
  }

  @Test("prepares the attention alone, for as long as it is told")
  func preparation() throws {
    let stage = try #require(method().method.preparation)
    #expect(stage.epochs == 40 && stage.name == "attention")
    #expect(try method(["attention-epochs": .number(0)]).method.preparation == nil)
    let (method, _, _) = try method(["attention-epochs": .number(3)])
    var trained: [Parameter] = []
    if case .own(let parameters)? = method.preparation?.trains { trained = parameters }
    #expect(!trained.isEmpty)
    #expect(trained.map(ObjectIdentifier.init) == method.parameters.map { ObjectIdentifier($0.parameter) })
  }

  @Test("gives its attention's loss a weight of 1, whatever its own")
  func companionWeight() throws {
    func moved(_ weight: Float) throws -> [[Float]] {
      let (method, student, teacher) = try method(["clip": .flag(false)])
      let program = JointProgram(
        student: student, teacher: teacher, terms: [.init(name: "mhgd", method: method, weight: weight)]
      ) { SGD([ParameterGroup($0)]) }
      #expect(program.termNames == ["labels", "mhgd", "mhgd attention"])
      let values = try program.step(batch(8), clock, learningRate: 0.1, random: Philox(seed: 1))
      #expect(values.allSatisfy(\.isFinite) && values.count == 3)
      return method.parameters.map(\.parameter.tensor.floats)
    }
    #expect(try moved(1) == moved(0.001))
  }
}
