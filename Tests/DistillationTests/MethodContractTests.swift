import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

/// What every method must keep, whatever it computes: run over the registry, so that a new one cannot be forgotten.
@Suite("Every method")
struct MethodContractTests {
  static let names = MethodRegistry.entries.map(\.name)
  /// Methods that have their minimum elsewhere: those without a teacher, cross-entropies that are weighed per image or not
  /// normalised, a correlation of the nearly even probabilities of untrained networks beside a constant of 1e-8, the
  /// likelihood of an order, and those whose trained parts stand between the networks.
  static let displaced: Set = [
    "label-smoothing", "tfkd-reg", "wsl", "nkd", "dist", "vid", "srrl", "crd", "ickd", "pkt-hierarchical",
    "multi-teacher-graph", "sskd", "hard-dark-rank", "byot", "ca-mkd",
    "fitnet", "factor-transfer", "activation-boundary", "ofd", "review-kd", "pad",
    "semckd", "mgd", "afd", "simkd",
    "bss",
  ]
  /// Methods whose value is not a function with this gradient: something constant in them depends on the student, memories
  /// move with each call, the value lies near the rounding for untrained networks, or it is of input gradients, which jump
  /// where a ReLU switches. Their gradients have golden values.
  static let stopped: Set = [
    "wsl", "crd", "pkt", "nst", "afds", "correlation-congruence", "lsp", "multi-teacher-graph", "mhgd", "sobolev",
    "attention-transfer-gradient", "lwm", "jacobian-matching",
  ]
  /// Methods that compare images with each other: of one image they know nothing.
  static let relations: Set = [
    "rkd", "similarity-preserving", "pkt", "correlation-congruence", "hard-dark-rank", "lsp", "mhgd",
    "pkt-hierarchical",
  ]

  /// Methods whose parts are made for one size of batch: of another one they know nothing.
  static let sized: Set = ["semckd"]
  /// Methods that treat the images of a batch by their places in it: masks are drawn for each, or places are inputs.
  static let placed: Set = ["crd", "mgd", "semckd"]

  /// Methods whose loss bends so much along its gradient that a step must be shorter: a projector that is small beside
  /// what it aims at.
  static let curved: Set = ["simkd"]

  private func make(_ name: String, _ student: any Network, _ teacher: any Network) throws -> any DistillationMethod {
    try made(name, student, teacher)
  }

  @Test(
    "is zero, or at a minimum, where student and teacher agree", arguments: names.filter { !displaced.contains($0) })
  func agreement(_ name: String) throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 1))
    let method = try make(name, student, teacher)
    let same = method.loss(method.step(student, teacher, batch(4)))
    let parameters = student.trainableParameters.map(\.tensor)
    let slope = norm(gradients(of: same, with: parameters))
    let other = try network("resnet8", seed: 2)
    let elsewhere = try make(name, other, teacher)
    let different = elsewhere.loss(elsewhere.step(other, teacher, batch(4)))
    let otherSlope = norm(gradients(of: different, with: other.trainableParameters.map(\.tensor)))
    #expect(different.item > 1e-7 && otherSlope > 1e-7)
    // A sum of divergences rounds to below zero by as little as above it.
    #expect(abs(same.item) < 1e-4 * different.item + 1e-6)
    #expect(slope < 1e-3 * otherSlope + 1e-5)
  }

  @Test(
    "gives the gradient that its value has",
    arguments: names.filter { !stopped.contains($0) }, [("resnet8", "resnet14"), ("cnn2", "cnn4")])
  func slope(_ name: String, _ networks: (String, String)) throws {
    let (student, teacher) = (try network(networks.0, seed: 1), try network(networks.1, seed: 2))
    let method = try make(name, student, teacher)
    let images = batch(4)
    let parameters = student.trainableParameters + method.parameters.map(\.parameter)
    func loss() -> Tensor { method.loss(method.step(student, teacher, images)) }
    let value = loss()
    let slopes = gradients(of: value, with: parameters.map(\.tensor))
    let length = norm(slopes)
    // Along the gradient itself the slope is its length. The step changes the loss by ½ %: far above rounding, near
    // enough for a central difference.
    let start = parameters.map { $0.tensor.detached().floats }
    let share = Self.curved.contains(name) ? 0.00025 : 0.0025
    let step = Float(share * Double(abs(value.item)) / (length * length))
    func moved(_ factor: Float) -> Double {
      for (index, parameter) in parameters.enumerated() {
        let direction = slopes[index].floats
        parameter.tensor.mutate { target in
          for i in target.indices { target[i] = start[index][i] + factor * direction[i] }
        }
      }
      // Recorded: some methods take gradients on the way to their value.
      return Double(loss().item)
    }
    let measured = (moved(step) - moved(-step)) / Double(2 * step)
    #expect(abs(measured / (length * length) - 1) < 0.02)
  }

  @Test("knows whether its loss depends on the length of the training", arguments: names)
  func length(_ name: String) throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    let losses = try [5, 300].map { epochs in
      let method = try make(name, student, teacher)
      let time = TrainingClock(step: 4, epochs: epochs, stepsPerEpoch: 1)
      return method.loss(method.step(student, teacher, batch(4), at: time)).item
    }
    let method = try make(name, student, teacher)
    #expect((losses[0] != losses[1]) == method.dependsOnLength, "\(losses)")
  }

  @Test("sends no gradient into the teacher, even one that is on the tape", arguments: names)
  func teacher(_ name: String) throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    let method = try make(name, student, teacher)
    let loss = method.loss(method.step(student, teacher, batch(4), recordsTeacher: true))
    let both = student.trainableParameters + teacher.trainableParameters
    let found = gradients(of: loss, with: both.map(\.tensor))
    #expect(norm(Array(found[..<student.trainableParameters.count])) > 0)
    #expect(norm(Array(found[student.trainableParameters.count...])) == 0)
  }

  @Test(
    "stays finite for one image and for logits thirty times as large", arguments: names, [(1, 1), (1, 30), (8, 30)])
  func extremes(_ name: String, _ size: (images: Int, scale: Int)) throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
    let method = try make(name, student, teacher)
    let loss = method.loss(method.step(student, teacher, batch(size.images), scale: Float(size.scale)))
    #expect(loss.shape == .scalar)
    #expect(loss.item.isFinite)
    let slopes = gradients(of: loss, with: student.trainableParameters.map(\.tensor))
    let areFinite = slopes.allSatisfy(\.isFinite)
    #expect(areFinite)
    guard !Self.sized.contains(name) else { return #expect(loss.item == 0 && norm(slopes) == 0) }
    guard size.images > 1 || !Self.relations.contains(name) else {
      return #expect(loss.item == 0 && norm(slopes) == 0)
    }
    #expect(loss.item != 0 && norm(slopes) > 0)
  }

  @Test("weighs every image of a batch alike", arguments: names.filter { !placed.contains($0) })
  func order(_ name: String) throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    let method = try make(name, student, teacher)
    let images = batch(4)
    let turned = Batch(
      images: concatenated(
        [images.images.slice(2..<4, alongAxis: 0), images.images.slice(0..<2, alongAxis: 0)], alongAxis: 0),
      labels: [2, 3, 0, 1], indices: [2, 3, 0, 1])
    let values = [images, turned].map { method.loss(method.step(student, teacher, $0)).item }
    #expect(abs(values[0] - values[1]) <= 1e-5 * values[0])
  }

  @Test("refuses networks that do not fit in one line, or takes them", arguments: names)
  func misfits(_ name: String) throws {
    let student = try network("resnet8", seed: 1)
    let misfits = [
      try network("resnet8", seed: 2, classes: 7), try network("resnet8", seed: 2, size: 32),
      try network("cnn2", seed: 2),
      try network("vgg11", seed: 2, size: 32),
    ]
    for teacher in misfits {
      do {
        let method = try make(name, student, teacher)
        // What was taken must work on images of the student's size.
        guard teacher.specification.height == 16 else { continue }
        #expect(method.loss(method.step(student, teacher, batch(2))).item.isFinite)
      } catch {
        let line = try #require(error as? InputError).description
        #expect(line.hasPrefix("r.yaml:5:3: ") && line.contains("; ") && !line.contains("\n"), "\(line)")
      }
    }
  }

  @Test("has a catalogue entry with source, formula and documented options", arguments: MethodRegistry.entries)
  func entries(_ entry: CatalogEntry) {
    #expect(entry.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
    #expect(entry.paper != nil && entry.facts.contains { $0.key == "formula" })
    for option in entry.options { #expect(!option.summary.isEmpty && !option.expectation.isEmpty) }
  }

  @Test("of an unknown name or option is refused with the nearest one")
  func unknown() throws {
    let student = try network("resnet8", seed: 1)
    let known = MethodRegistry.entries.map(\.name).sorted().joined(separator: ", ")
    #expect(
      throws: InputError("r.yaml:5:3", "there is no method 'kdd'", remedy: "did you mean 'kd'? known: \(known)")
    ) { try MethodRegistry.make("kdd", [:], setup(student, student)) }
    let error = #expect(throws: InputError.self) {
      try MethodRegistry.make("wsl", ["temprature": .number(4)], setup(student, student))
    }
    #expect(
      error?.description == "r.yaml:5:3: wsl has no option 'temprature'; did you mean 'temperature'? known: temperature"
    )
  }
}
