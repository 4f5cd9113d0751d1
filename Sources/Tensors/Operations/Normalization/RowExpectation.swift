import Glibc
import Support

// What two distributions over the last axis have to do with each other, in one pass. A class of probability 0 counts 0
// whatever stands beside it, −∞ too: 0 log 0 = 0.

/// Kullback–Leibler divergence of each row, Σ p (log p − log q), from the logarithms of the probabilities.
///
/// It is summed as Σ p (log p − log q) + q − p, which is the same for rows that sum to 1, and in which rounding of the
/// logarithms counts only as far as p and q differ: divergences of 1e-6 keep their digits, and so do those of high
/// temperatures, which are multiplied by T². A class that both have masked counts 0; one that `student` alone has masked
/// makes the divergence infinite.
///
/// - Parameters:
///   - student: log q, [batch, classes].
///   - teacher: log p, [batch, classes].
///   - isWhole: whether `student` has all classes; where it has some of them only, q − p is left out.
/// - Returns: [batch], in nats.
public func divergenceOfRows(_ student: Tensor, from teacher: Tensor, isWhole: Bool = true) -> Tensor {
  precondition(
    student.shape == teacher.shape && student.shape.rank == 2,
    "divergenceOfRows: shapes \(student.shape) and \(teacher.shape)")
  let output = rowSums(teacher, student) { logP, logQ in
    let p = Glibc.exp(Double(logP))
    let difference = Float(p) == 0 ? 0 : p * (Double(logP) - Double(logQ))
    return isWhole ? difference + (Glibc.exp(Double(logQ)) - p) : difference
  }
  return output.recorded("divergenceOfRows", [student, teacher], isRecordable: true) { gradient in
    let slope = gradient.reshaped([gradient.count, 1])
    guard isRecording else {
      return [
        student.isWanted
          ? zipElements(teacher, student) { p, q in (isWhole ? expf(q) : 0) - expf(p) } * slope : nil,
        teacher.isWanted
          ? zipElements(teacher, student) { p, q in expf(p) == 0 ? 0 : expf(p) * (p - q + (isWhole ? 0 : 1)) } * slope
          : nil,
      ]
    }
    let probabilities = teacher.exp()
    let isNone = probabilities.mask { $0 == 0 }
    let difference = chosen(where: isNone, Tensor(0), teacher - student)
    return [
      student.isWanted ? (isWhole ? student.exp() - probabilities : -probabilities) * slope : nil,
      teacher.isWanted ? probabilities * (isWhole ? difference : difference + 1) * slope : nil,
    ]
  }
}

/// Expectation of each row, Σ p x.
///
/// - Parameters:
///   - values: x, [batch, classes].
///   - probabilities: p, [batch, classes]; a constant.
/// - Returns: [batch].
public func expectationOfRows(_ values: Tensor, under probabilities: Tensor) -> Tensor {
  precondition(
    values.shape == probabilities.shape && values.shape.rank == 2,
    "expectationOfRows: shapes \(values.shape) and \(probabilities.shape)")
  let constant = probabilities.detached()
  let output = rowSums(constant, values) { p, x in p == 0 ? 0 : Double(p) * Double(x) }
  return output.recorded("expectationOfRows", [values], isRecordable: true) { gradient in
    [constant * gradient.reshaped([gradient.count, 1])]
  }
}

/// The sum over each row of a function of two tensors' values, in double precision.
@inline(__always)
private func rowSums(
  _ a: Tensor, _ b: Tensor, _ function: @escaping @Sendable (Float, Float) -> Double
) -> Tensor {
  let (rows, columns) = (a.shape[0], a.shape[1])
  let output = Tensor(uninitialized: [rows])
  nonisolated(unsafe) let (first, second, target) = (a.base, b.base, output.base)
  parallelFor(count: rows, grain: max(1, 4096 / max(1, columns))) { range in
    for row in range {
      var sum = 0.0
      for place in row * columns..<(row + 1) * columns { sum += function(first[place], second[place]) }
      target[row] = Float(sum)
    }
  }
  return output
}
