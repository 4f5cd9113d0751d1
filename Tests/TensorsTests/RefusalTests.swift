import Tensors
import TestSupport
import Testing

/// What a programmer may do wrong, and what the program says before it stops.
enum Mistake: String, CaseIterable, Codable, Sendable {
  case tensorValues, negativeExtent, item, broadcasting, addedRelu, matrixProduct, matrixRank, linearBias, convolution
  case convolutionBias, convolutionResidual, smallInput, batchNormalization, poolingWindow, reshaping, permuting
  case slicing, rows, picked, concatenating, axis, upstream, nonScalar, usedTape, decomposedTwice, frozenMiddle
  case dropoutRate, normalOffset, frozenBias, batchedProduct, points, resampling, layerNormalization, groupNormalization
  case padding, splitting, stacking, gatheredPlace, gatheredShape, top, scattering, eigenvalues, solution, hessian

  /// Parts of the line on standard error: the operation and what it was given.
  var parts: [String] {
    switch self {
    case .tensorValues: ["tensor", "3 values", "[2, 2]"]
    case .negativeExtent: ["shape", "[2, -1]"]
    case .item: ["item", "[2]", "2 elements"]
    case .broadcasting: ["multiply", "[2, 3]", "[4]"]
    case .addedRelu: ["[2, 3]", "[3, 2]"]
    case .matrixProduct: ["matrixProduct", "[2, 3]", "[4, 5]"]
    case .matrixRank: ["matrixProduct", "[2, 3]", "[3]"]
    case .linearBias: ["linear", "[3]", "[4, 5]"]
    case .convolution: ["convolution", "[1, 8, 8, 3]", "[4, 2, 3, 3]"]
    case .convolutionBias: ["convolution", "[3]", "[4, 3, 3, 3]"]
    case .frozenBias: ["convolution", "[5]", "[4, 3, 3, 3]"]
    case .convolutionResidual: ["convolution", "[1, 6, 6, 3]", "[1, 6, 6, 4]"]
    case .smallInput: ["convolution", "[1, 2, 2, 3]", "[4, 3, 3, 3]"]
    case .batchNormalization: ["batchNormalization", "[2, 2, 2, 3]", "[4]", "[3]"]
    case .poolingWindow: ["pooling", "[1, 3, 3, 2]", "[4, 4]"]
    case .reshaping: ["reshaped", "[2, 3]", "[4, 2]"]
    case .permuting: ["permuted", "[0, 0]", "[2, 3]"]
    case .slicing: ["slice", "1..<4", "[2, 3]"]
    case .rows: ["rows", "5", "[2, 3]"]
    case .picked: ["picked", "3", "[2, 3]"]
    case .concatenating: ["concatenated", "[2, 3]", "[3, 3]"]
    case .axis: ["sum", "axis 2", "[2, 3]"]
    case .upstream: ["gradients", "[3]", "[2, 3]"]
    case .nonScalar: ["gradients", "[2, 3]", "no scalar"]
    case .usedTape: ["gradients", "multiply", "keepsTape"]
    case .decomposedTwice: ["gradients", "'singularValues'", "no second derivative"]
    case .batchedProduct: ["batchedMatrixProduct", "[2, 3, 4]", "[3, 4, 5]"]
    case .points: ["squaredDistances", "[2, 3]", "[2, 4]"]
    case .resampling: ["resampled", "[2, 3]", "4 × 4"]
    case .layerNormalization: ["layerNormalization", "[2, 3]", "[4]", "[3]"]
    case .groupNormalization: ["groupNormalization", "[1, 8, 8, 3]", "2 groups"]
    case .padding: ["padded", "[1]", "[2, 3]"]
    case .splitting: ["split", "[1, 1]", "[2, 3]"]
    case .stacking: ["stacked", "[3, 2]", "[2, 3]"]
    case .gatheredPlace: ["gathered", "index 3 of an axis of 3"]
    case .gatheredShape: ["gathered", "[3, 1]", "[2, 3]"]
    case .top: ["top", "4 of axis 1", "[2, 3]"]
    case .scattering: ["scatterAdded", "[2, 1]", "[2, 3]"]
    case .eigenvalues: ["eigenvalues", "[2, 3]", "not square"]
    case .solution: ["solution", "[2, 2]", "[3, 1]"]
    case .hessian: ["hessianVectorProduct", "[3]", "[2, 3]"]
    case .frozenMiddle: ["requiresGradient", "leaf"]
    case .dropoutRate: ["dropout", "1.0"]
    case .normalOffset: ["fillNormal", "33"]
    }
  }

  func make() {
    let matrix = Tensor.ones([2, 3])
    let image = Tensor.ones([1, 8, 8, 3])
    let kernel = Tensor.ones([4, 3, 3, 3])
    switch self {
    case .tensorValues: _ = Tensor([1, 2, 3], shape: [2, 2])
    case .negativeExtent: _ = Shape([2, -1])
    case .item: _ = Tensor.ones([2]).item
    case .broadcasting: _ = matrix * Tensor.ones([4])
    case .addedRelu: _ = matrix.addedRelu(.ones([3, 2]))
    case .matrixProduct: _ = Tensors.matrixProduct(matrix, .ones([4, 5]))
    case .matrixRank: _ = Tensors.matrixProduct(matrix, .ones([3]))
    case .linearBias: _ = linear(.ones([2, 5]), .ones([4, 5]), bias: .ones([3]))
    case .convolution: _ = Tensors.convolution(image, .ones([4, 2, 3, 3]))
    case .convolutionBias: _ = Tensors.convolution(image, kernel, bias: .ones([3]))
    case .frozenBias: _ = frozenConvolution(image, kernel, bias: .ones([5]), relu: true)
    case .convolutionResidual:
      _ = frozenConvolution(image, kernel, bias: .ones([4]), residual: .ones([1, 6, 6, 3]), relu: true)
    case .smallInput: _ = Tensors.convolution(.ones([1, 2, 2, 3]), kernel)
    case .batchNormalization: _ = Tensors.batchNormalization(.ones([2, 2, 2, 3]), scale: .ones([4]), shift: .ones([3]))
    case .poolingWindow: _ = maxPooling(.ones([1, 3, 3, 2]), size: 4)
    case .reshaping: _ = matrix.reshaped([4, 2])
    case .permuting: _ = matrix.permuted([0, 0])
    case .slicing: _ = matrix.slice(1..<4, alongAxis: 0)
    case .rows: _ = matrix.rows([0, 5])
    case .picked: _ = matrix.picked([0, 3])
    case .concatenating: _ = concatenated([matrix, .ones([3, 3])], alongAxis: 1)
    case .axis: _ = matrix.sum(alongAxes: [2])
    case .upstream, .nonScalar, .usedTape, .decomposedTwice, .frozenMiddle, .hessian: misuseTape(matrix)
    case .dropoutRate: _ = matrix.dropout(rate: 1, random: Philox(seed: 0))
    case .normalOffset: matrix.mutate { Philox(seed: 0).fillNormal($0, offset: 33) }
    default: makeOfChoosing(matrix, image)
    }
  }

  private func makeOfChoosing(_ matrix: Tensor, _ image: Tensor) {
    switch self {
    case .batchedProduct: _ = batchedMatrixProduct(.ones([2, 3, 4]), .ones([3, 4, 5]))
    case .points: _ = squaredDistances(matrix, .ones([2, 4]))
    case .resampling: _ = resampled(matrix, height: 4, width: 4, .nearest)
    case .layerNormalization: _ = Tensors.layerNormalization(matrix, scale: .ones([4]), shift: .ones([3]))
    case .groupNormalization:
      _ = Tensors.groupNormalization(image, groups: 2, scale: .ones([3]), shift: .ones([3]))
    case .padding: _ = matrix.padded(before: [1], after: [1, 1])
    case .splitting: _ = matrix.split([1, 1], alongAxis: 1)
    case .stacking: _ = stacked([matrix, .ones([3, 2])])
    case .gatheredPlace: _ = matrix.gathered(Indices([0, 3], shape: [2, 1]), alongAxis: 1)
    case .gatheredShape: _ = matrix.gathered(Indices([0, 1, 0], shape: [3, 1]), alongAxis: 1)
    case .top: _ = matrix.top(4, alongAxis: 1)
    case .scattering: _ = matrix.scatterAdded(Indices([0, 1], shape: [2, 1]), alongAxis: 1, extent: 3)
    case .eigenvalues: _ = Tensors.eigenvalues(ofSymmetric: matrix)
    default: _ = Tensors.solution(of: .ones([2, 2]), .ones([3, 1]))
    }
  }

  private func misuseTape(_ leaf: Tensor) {
    leaf.setRequiresGradient(true)
    let square = leaf * leaf
    switch self {
    case .upstream: _ = gradients(of: square, with: [leaf], upstream: .ones([3]))
    case .nonScalar: _ = gradients(of: square, with: [leaf])
    case .decomposedTwice:
      _ = gradients(of: singularValues(of: square).values.sum(), with: [leaf], recordsAgain: true)
    case .hessian: _ = hessianVectorProduct(of: square.sum(), with: [leaf], vectors: [.ones([3])])
    case .frozenMiddle: square.setRequiresGradient(false)
    default:
      _ = gradients(of: square, with: [leaf], upstream: .ones([2, 3]))
      _ = gradients(of: square, with: [leaf], upstream: .ones([2, 3]))
    }
  }
}

@Suite("Mistakes of programmers")
struct RefusalTests {
  @Test("stop the program with the operation and what it was given", arguments: Mistake.allCases)
  func message(_ mistake: Mistake) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [mistake] in
      mistake.make()
    }
    let errors = try #require(result?.standardErrorContent)
    let text = String(decoding: errors, as: UTF8.self)
    for part in mistake.parts { #expect(text.contains(part), "\(part) in: \(text.prefix(400))") }
  }
}
