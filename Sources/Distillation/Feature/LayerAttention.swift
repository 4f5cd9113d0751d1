import NeuralNetworks
import Support
import Tensors

/// Which student layers each teacher layer looks at, per image: the attention of AFD (Ji, Heo & Park, AAAI 2021, eq. 3 to
/// 5).
///
/// Queries are made of the teacher's channel means, keys of the student's; a bilinear map and learned places of the layers
/// join them.
final class LayerAttention: Module {
  private let queries: [NormalizedLinear]
  private let keys: [NormalizedLinear]
  private let bilinear: NormalizedLinear
  private let places: (teacher: Parameter, student: Parameter)

  /// - Parameters:
  ///   - channels: of each layer of the student and of the teacher.
  ///   - width: of queries and keys.
  ///   - initialiser: gives the weights.
  init(_ channels: (student: [Int], teacher: [Int]), width: Int, _ initialiser: Initialiser) {
    queries = channels.teacher.map { NormalizedLinear($0, width, initialiser) }
    keys = channels.student.map { NormalizedLinear($0, width, initialiser) }
    bilinear = NormalizedLinear(width, width * channels.teacher.count, initialiser)
    func place(_ count: Int) -> Parameter {
      // Xavier's normal form (Glorot & Bengio, AISTATS 2010).
      Parameter(initialiser.normal([count, width], deviation: (2 / Float(count + width)).squareRoot()), .weight)
    }
    places = (place(channels.teacher.count), place(channels.student.count))
  }

  /// The attention of a file of losses.
  ///
  /// - Throws: ``InputError`` for a tensor that is not there.
  init(_ inputs: LossInputs, layers: (student: Int, teacher: Int)) throws {
    queries = try (0..<layers.teacher).map { try NormalizedLinear(inputs, "parameters.query.\($0)") }
    keys = try (0..<layers.student).map { try NormalizedLinear(inputs, "parameters.key.\($0)") }
    bilinear = try NormalizedLinear(inputs, "parameters.bilinear")
    places = (
      Parameter(try inputs.tensor("parameters.place.teacher"), .weight),
      Parameter(try inputs.tensor("parameters.place.student"), .weight)
    )
  }

  /// How much of each student layer each teacher layer sees.
  ///
  /// - Parameters:
  ///   - student: maps on the tape.
  ///   - teacher: maps, constants.
  ///   - pass: its mode decides how batch normalisation behaves.
  /// - Returns: [batch, teacher layers, student layers]; each row sums to 1.
  func callAsFunction(_ student: [Tensor], _ teacher: [Tensor], _ pass: ForwardPass) -> Tensor {
    let (batch, rows, columns) = (teacher[0].shape[0], teacher.count, student.count)
    let width = places.student.tensor.shape[1]
    let query = stacked(zip(teacher, queries).map { $1(globalAveragePooling($0), pass) }, alongAxis: 1)
    let key = stacked(zip(student, keys).map { $1(globalAveragePooling($0), pass, relu: true) }, alongAxis: 1)
    // Each key's answers to all queries lie side by side, as the queries of an image do.
    let joined = bilinear(key.reshaped([batch * columns, width]), pass).reshaped([batch, columns, rows * width])
    let products = (joined * query.reshaped([batch, 1, rows * width]))
      .reshaped([batch, columns, rows, width]).sum(alongAxes: [3]).permuted([0, 2, 1])
    let biases = matrixProduct(places.teacher.tensor, places.student.tensor, transposesSecond: true)
    return ((products + biases.reshaped([1, rows, columns])) / Float(width).squareRoot()).softmax(alongAxis: 2)
  }

  /// `query.J`, `key.I`, `bilinear`, `place.teacher`, `place.student`.
  func visit(_ visitor: ParameterVisitor) {
    for (index, query) in queries.enumerated() { visitor.visit("query.\(index)", query) }
    for (index, key) in keys.enumerated() { visitor.visit("key.\(index)", key) }
    visitor.visit("bilinear", bilinear)
    visitor.visit("place.teacher", places.teacher)
    visitor.visit("place.student", places.student)
  }
}
