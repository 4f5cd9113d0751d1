import Tensors

/// A convolution in double precision, straight from its definition; NHWC and OIHW as the engine has them.
struct ReferenceConvolution {
  let inputShape: Shape
  let outputShape: Shape
  private let weightShape: Shape
  private let stride: Int
  private let padding: Int

  init(_ input: Shape, _ weight: Shape, stride: Int, padding: Int) {
    inputShape = input
    weightShape = weight
    self.stride = stride
    self.padding = padding
    outputShape = [
      input[0], (input[1] + 2 * padding - weight[2]) / stride + 1, (input[2] + 2 * padding - weight[3]) / stride + 1,
      weight[0],
    ]
  }

  /// Calls `body` for each pair of an input and an output pixel with the kernel place between them.
  private func forEachTap(_ body: (_ input: Int, _ output: Int, _ kernel: Int) -> Void) {
    for n in 0..<outputShape[0] {
      for y in 0..<outputShape[1] {
        for x in 0..<outputShape[2] {
          let output = (n * outputShape[1] + y) * outputShape[2] + x
          for ky in 0..<weightShape[2] {
            for kx in 0..<weightShape[3] {
              let (row, column) = (y * stride + ky - padding, x * stride + kx - padding)
              guard 0..<inputShape[1] ~= row, 0..<inputShape[2] ~= column else { continue }
              body((n * inputShape[1] + row) * inputShape[2] + column, output, ky * weightShape[3] + kx)
            }
          }
        }
      }
    }
  }

  private var inputs: Int { weightShape[1] }
  private var outputs: Int { weightShape[0] }
  private var kernelSize: Int { weightShape[2] * weightShape[3] }

  /// OIHW → [kernel place][input][output].
  private func taps(_ weight: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: weight.count)
    for o in 0..<outputs {
      for i in 0..<inputs {
        for k in 0..<kernelSize { result[(k * inputs + i) * outputs + o] = weight[(o * inputs + i) * kernelSize + k] }
      }
    }
    return result
  }

  func output(_ input: [Double], _ weight: [Double], bias: [Double]?) -> [Double] {
    var result = [Double](repeating: 0, count: outputShape.count)
    if let bias { for index in result.indices { result[index] = bias[index % outputs] } }
    let (inputs, outputs) = (inputs, outputs)
    result.withUnsafeMutableBufferPointer { result in
      input.withUnsafeBufferPointer { input in
        taps(weight).withUnsafeBufferPointer { taps in
          forEachTap { from, to, kernel in
            for i in 0..<inputs {
              let value = input[from * inputs + i]
              for o in 0..<outputs { result[to * outputs + o] += value * taps[(kernel * inputs + i) * outputs + o] }
            }
          }
        }
      }
    }
    return result
  }

  func inputGradient(_ upstream: [Double], _ weight: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: inputShape.count)
    let (inputs, outputs, kernelSize) = (inputs, outputs, kernelSize)
    // [kernel place][output][input], so that the innermost loop is over neighbours.
    var turned = [Double](repeating: 0, count: weight.count)
    for o in 0..<outputs {
      for i in 0..<inputs {
        for k in 0..<kernelSize { turned[(k * outputs + o) * inputs + i] = weight[(o * inputs + i) * kernelSize + k] }
      }
    }
    result.withUnsafeMutableBufferPointer { result in
      upstream.withUnsafeBufferPointer { upstream in
        turned.withUnsafeBufferPointer { turned in
          forEachTap { from, to, kernel in
            for o in 0..<outputs {
              let value = upstream[to * outputs + o]
              for i in 0..<inputs { result[from * inputs + i] += value * turned[(kernel * outputs + o) * inputs + i] }
            }
          }
        }
      }
    }
    return result
  }

  func weightGradient(_ upstream: [Double], _ input: [Double]) -> [Double] {
    let (inputs, outputs, kernelSize) = (inputs, outputs, kernelSize)
    var taps = [Double](repeating: 0, count: weightShape.count)
    taps.withUnsafeMutableBufferPointer { taps in
      upstream.withUnsafeBufferPointer { upstream in
        input.withUnsafeBufferPointer { input in
          forEachTap { from, to, kernel in
            for i in 0..<inputs {
              let value = input[from * inputs + i]
              for o in 0..<outputs { taps[(kernel * inputs + i) * outputs + o] += value * upstream[to * outputs + o] }
            }
          }
        }
      }
    }
    var result = [Double](repeating: 0, count: weightShape.count)
    for o in 0..<outputs {
      for i in 0..<inputs {
        for k in 0..<kernelSize { result[(o * inputs + i) * kernelSize + k] = taps[(k * inputs + i) * outputs + o] }
      }
    }
    return result
  }

  func biasGradient(_ upstream: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: outputs)
    for (index, value) in upstream.enumerated() { result[index % outputs] += value }
    return result
  }
}
