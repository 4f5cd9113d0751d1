import COneDNN
import Support
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// The bare sequence of library calls of one ResNet-20 training step on 32×32 pixels, everything preallocated and no
/// autograd: the limit that the engine's speed is held against.
///
/// Images per second are measured by the caller: `step()` runs one whole training step on fixed random data.
public final class RawTrainingStep {
  private let sequence: RawSequence
  private let head: RawHead

  /// Prepares all primitives and buffers.
  ///
  /// - Parameters:
  ///   - batch: images per step.
  ///   - winograd: whether the 3×3 convolutions of 32 and 64 channels run by Winograd, where the machine has it.
  public init(batch: Int = 64, winograd: Bool = false) {
    precondition(batch > 0, "raw training step: batch \(batch) is not positive")
    let session = RawSession()
    sequence = RawSequence(session)
    // 272,474 parameters in 65 pieces, each from a cache line on.
    let parameters = RawParameters(capacity: 272_474 + 65 * 16, in: session)
    var random = RandomGenerator(Philox(seed: 1))
    let normal = { (deviation: Float) in
      deviation * sqrtf(-2 * logf(1 - random.uniform())) * cosf(2 * .pi * random.uniform())
    }
    let initial = { (fanOut: Int) in normal(sqrtf(2 / Float(fanOut))) }

    let images = RawTensor(RawLayout.activations([batch, 3, 32, 32]), in: session)
    for index in 0..<images.count { images.floats[index] = normal(1) }
    let labels = (0..<batch).map { $0 % 10 }

    let stem = RawConvolution(
      RawConvolutionGeometry(batch: batch, inputChannels: 3, outputChannels: 16, size: 32), of: images,
      parameters: parameters, initial: { initial(16 * 9) }, winograd: false, to: sequence)
    let stemNormalisation = RawBatchNorm(of: stem.output, relu: true, parameters: parameters, to: sequence)
    var blocks: [RawBlock] = []
    var features = stemNormalisation.output
    for stage in 0..<3 {
      for position in 0..<3 {
        let narrows = stage > 0 && position == 0
        let geometry = RawConvolutionGeometry(
          batch: batch, inputChannels: narrows ? 8 << stage : 16 << stage, outputChannels: 16 << stage,
          size: narrows ? 64 >> stage : 32 >> stage, stride: narrows ? 2 : 1)
        let block = RawBlock(
          of: features, geometry: geometry, parameters: parameters, initial: initial, winograd: winograd, to: sequence)
        features = block.output
        blocks.append(block)
      }
    }
    head = RawHead(
      of: features, labels: labels, classes: 10, parameters: parameters,
      initial: { random.uniform(in: -0.125..<0.125) }, to: sequence)

    var gradient = head.appendBackward(to: sequence)
    RawResidual.appendMask(gradient, output: features, to: sequence)
    for block in blocks.reversed() { gradient = block.appendBackward(gradient, to: sequence) }
    stemNormalisation.appendBackward(gradient, into: gradient, to: sequence)
    stem.appendBackward(gradient, into: nil, to: sequence)
    parameters.appendUpdate(to: sequence, rate: 0.01, momentum: 0.9, decay: 1e-4)
  }

  /// Runs one step: forward, backward, update.
  public func step() { sequence.run() }

  /// Mean cross-entropy of the last step before its update, in nats; ln 10 by chance.
  public var loss: Float { head.loss.floats[0] }

  /// Runs one step and tells what its parts took.
  ///
  /// - Returns: name and milliseconds of each part; their sum exceeds a step's time by the clock's own.
  public func profile() -> [(part: String, milliseconds: Double)] {
    sequence.profile().map { ($0.part.rawValue, Double($0.time / .milliseconds(1))) }
  }
}
