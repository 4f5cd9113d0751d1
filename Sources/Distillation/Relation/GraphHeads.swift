import NeuralNetworks
import Support
import Tensors

/// Attention between the images of a batch, from one layer to the next (Lee & Song, BMVC 2019, eq. 3 to 6).
///
/// It learns to make a teacher layer's vectors of those of the layer before; its graphs say how images relate.
final class GraphHeads: Module {
  /// Graphs that are made of one pair of layers.
  static let count = 8

  private let sender: NormalizedLinear
  private let receiver: NormalizedLinear
  private let values: NormalizedLinear
  private let output: Linear

  /// - Parameters:
  ///   - lower: width of the vectors of the layer before.
  ///   - upper: width of the layer's own.
  ///   - initialiser: gives the weights, He-normal over the outputs and cut off at two standard deviations.
  init(from lower: Int, to upper: Int, _ initialiser: Initialiser) {
    let width = Self.width(lower, upper)
    func weight(_ outputs: Int, _ inputs: Int) -> Tensor {
      initialiser.truncatedNormal([outputs, inputs], deviation: (2 / Float(outputs)).squareRoot())
    }
    func layer(_ outputs: Int, _ inputs: Int) -> NormalizedLinear {
      NormalizedLinear(Linear(weight: weight(outputs, inputs), bias: nil), BatchNormalization2D(outputs))
    }
    sender = layer(width * Self.count, upper)
    receiver = layer(width * Self.count, lower)
    values = layer(width, lower)
    output = Linear(weight: weight(upper, width * Self.count), bias: .zeros([upper]))
  }

  /// The heads of a file of losses.
  ///
  /// - Throws: ``InputError`` for a tensor that is not there or does not fit the vectors' widths.
  init(_ inputs: LossInputs, _ name: String, from lower: Int, to upper: Int) throws {
    let width = Self.width(lower, upper)
    for (part, shape) in [
      ("sender", [width * Self.count, upper]), ("receiver", [width * Self.count, lower]), ("values", [width, lower]),
      ("output", [upper, width * Self.count]),
    ] {
      let found = try inputs.tensor("\(name).\(part).weight").shape.dimensions
      guard found == shape else {
        throw InputError(inputs.place, "\(name).\(part).weight is \(found)", remedy: "it needs \(shape)")
      }
    }
    sender = try NormalizedLinear(inputs, "\(name).sender")
    receiver = try NormalizedLinear(inputs, "\(name).receiver")
    values = try NormalizedLinear(inputs, "\(name).values")
    output = Linear(weight: try inputs.tensor("\(name).output.weight"), bias: try inputs.tensor("\(name).output.bias"))
  }

  private init(_ sender: NormalizedLinear, _ receiver: NormalizedLinear, _ values: NormalizedLinear, _ output: Linear) {
    (self.sender, self.receiver, self.values, self.output) = (sender, receiver, values, output)
  }

  private static func width(_ lower: Int, _ upper: Int) -> Int { (lower + upper) / 2 }

  /// The same heads as they are now, for graphs that must not train them.
  var constant: GraphHeads { GraphHeads(sender.constant, receiver.constant, values, output) }

  /// The graphs of a pair of layers.
  ///
  /// - Parameters:
  ///   - lower: vectors of the layer before, [batch, width].
  ///   - upper: the layer's own, [batch, width].
  ///   - pass: its mode decides how batch normalisation behaves.
  /// - Returns: [heads, batch, batch].
  func graphs(_ lower: Tensor, _ upper: Tensor, _ pass: ForwardPass) -> Tensor {
    func heads(_ x: Tensor, _ layer: NormalizedLinear) -> Tensor {
      let output = layer(x, pass)
      return output.reshaped([output.shape[0], output.shape[1] / Self.count, Self.count]).permuted([2, 0, 1])
    }
    return batchedMatrixProduct(heads(upper, sender), heads(lower, receiver), transposesSecond: true)
  }

  /// How far the layer's vectors are from those that attention makes of the layer before: mean_B (1 − ⟨V̂, V⟩).
  ///
  /// - Parameters:
  ///   - lower: vectors of the layer before, [batch, width].
  ///   - upper: the layer's own, [batch, width], of length 1.
  ///   - kept: [heads, batch, 1], 1 for rows of graphs that are used and 0 for others.
  ///   - pass: its mode decides how batch normalisation behaves.
  /// - Returns: a scalar, from 0 to 2.
  func error(_ lower: Tensor, _ upper: Tensor, kept: Tensor, _ pass: ForwardPass) -> Tensor {
    let attention = graphs(lower, upper, pass).softmax(alongAxis: 2) * kept
    let gathered = batchedMatrixProduct(attention, values(lower, pass, relu: true)).permuted([1, 0, 2])
    let made = output(gathered.flattened).normalized(alongAxis: 1)
    return 1 - (made * upper).sum() / Float(upper.shape[0])
  }

  /// Which rows of which graphs are used: those whose normal draw is above the mean of the heads'.
  static func kept(batch: Int, _ random: Philox) -> Tensor {
    let noise = Tensor.normal([count, batch, 1], random)
    return mask(noise, noise.mean(alongAxes: [0], keepsAxes: true)) { $0 > $1 }
  }

  /// Sender, receiver, values, output.
  func visit(_ visitor: ParameterVisitor) {
    visitor.visit("sender", sender)
    visitor.visit("receiver", receiver)
    visitor.visit("values", values)
    visitor.visit("output", output)
  }
}
