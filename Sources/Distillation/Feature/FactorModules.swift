import NeuralNetworks
import Tensors

/// The teacher's side of factor transfer: three 3×3 convolutions to a fraction of the channels and three transposed ones
/// back, LeakyReLU(0.1) after every one of them, no normalisation.
final class Paraphraser: Module {
  private let encoder: [PlainConvolution]
  private let decoder: [PlainConvolution]

  /// - Parameters:
  ///   - channels: of the teacher's map.
  ///   - factors: channels between encoder and decoder.
  ///   - initialiser: gives the weights.
  init(_ channels: Int, factors: Int, _ initialiser: Initialiser) {
    let form = ConvolutionForm(padding: 1)
    encoder = [(channels, channels), (channels, factors), (factors, factors)].map {
      PlainConvolution($0.0, $0.1, kernel: 3, form: form, initialiser)
    }
    decoder = [(factors, factors), (factors, channels), (channels, channels)].map {
      PlainConvolution($0.0, $0.1, kernel: 3, form: form, transposed: true, initialiser)
    }
  }

  /// [batch, height, width, channels] → the factors [batch, height, width, factors].
  func factors(_ map: Tensor) -> Tensor { encoder.reduce(map) { $1($0).leakyRelu(slope: 0.1) } }

  /// The map again, through encoder and decoder.
  func reconstructed(_ map: Tensor) -> Tensor { decoder.reduce(factors(map)) { $1($0).leakyRelu(slope: 0.1) } }

  func visit(_ visitor: ParameterVisitor) {
    for (place, layer) in encoder.enumerated() { visitor.visit("encoder.\(place)", layer) }
    for (place, layer) in decoder.enumerated() { visitor.visit("decoder.\(place)", layer) }
  }
}

/// The student's side: three 3×3 convolutions to the same number of channels, LeakyReLU(0.1) after every one, batch
/// normalisation before it where asked for.
final class Translator: Module {
  private let layers: [PlainConvolution]
  private let normalizations: [BatchNormalization2D]

  /// - Parameters:
  ///   - channels: of the student's map.
  ///   - factors: channels of the factors.
  ///   - isNormalized: whether batch normalisation follows each convolution.
  ///   - initialiser: gives the weights.
  init(_ channels: Int, factors: Int, isNormalized: Bool, _ initialiser: Initialiser) {
    let steps = [(channels, channels), (channels, factors), (factors, factors)]
    layers = steps.map {
      PlainConvolution($0.0, $0.1, kernel: 3, form: ConvolutionForm(padding: 1), initialiser)
    }
    normalizations = isNormalized ? steps.map { BatchNormalization2D($0.1) } : []
  }

  /// [batch, height, width, channels] → the factors [batch, height, width, factors].
  func callAsFunction(_ map: Tensor, _ pass: ForwardPass) -> Tensor {
    layers.enumerated().reduce(map) { input, layer in
      let output = layer.element(input)
      return (normalizations.isEmpty ? output : normalizations[layer.offset](output, pass)).leakyRelu(slope: 0.1)
    }
  }

  func visit(_ visitor: ParameterVisitor) {
    for (place, layer) in layers.enumerated() { visitor.visit("\(place)", layer) }
    for (place, layer) in normalizations.enumerated() { visitor.visit("norm.\(place)", layer) }
  }
}
