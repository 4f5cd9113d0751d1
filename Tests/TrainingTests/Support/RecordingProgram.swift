import Distillation
import Models
import NeuralNetworks
import Tensors

/// Learns nothing and writes down what the trainer gave it.
final class RecordingProgram: TrainingProgram {
  /// One step as it was asked for.
  struct Step: Equatable {
    let indices: [Int]
    let labels: [Int]
    let pixels: [Float]
    let clock: TrainingClock
    let rate: Float
    let random: [Float]
  }

  let student: any Network
  let termNames = ["labels"]
  let state: [(name: String, tensor: Tensor)] = []
  var steps = 0
  var batchOrder = BatchOrder.shuffled
  private(set) var recorded: [Step] = []

  init(_ student: any Network) { self.student = student }

  func step(_ batch: Batch, _ clock: TrainingClock, learningRate: Float, random: Philox) throws -> [Float] {
    steps += 1
    recorded.append(
      Step(
        indices: batch.indices, labels: batch.labels, pixels: batch.images.floats, clock: clock, rate: learningRate,
        random: Tensor.normal([4], random).floats))
    return [Float(batch.indices.count)]
  }
}
