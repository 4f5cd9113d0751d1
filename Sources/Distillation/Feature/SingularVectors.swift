import NeuralNetworks
import Support
import Tensors

/// Right singular vectors of each image's features, and the student's turned to the teacher's (Lee, Kim & Song, ECCV 2018,
/// section 3.1): what `kdsvd` and `mhgd` compare.
enum SingularVectors {
  /// What the places and channels of a map are arranged to before the decomposition.
  enum Arrangement: String, OptionChoice {
    /// Places × channels, the paper's.
    case spatialChannel = "spatial-channel"
    /// Channels and rows × columns of the picture, as mdistiller has it.
    case mdistiller

    /// [batch, height, width, channels] → [batch, rows, columns].
    func matrices(_ map: Tensor) -> Tensor {
      switch self {
      case .spatialChannel: return map.places
      case .mdistiller:
        let shape = map.shape
        return map.permuted([0, 1, 3, 2]).reshaped([shape[0], shape[1] * shape[3], shape[2]])
      }
    }
  }

  /// The first right singular vectors of each matrix, by falling singular values.
  ///
  /// - Parameters:
  ///   - count: how many are wanted; fewer are given where the matrices are smaller.
  ///   - matrices: [batch, rows, columns].
  ///   - isRaw: whether signs are those that LAPACK happens to give; otherwise the entry of largest magnitude is
  ///     positive in each vector.
  /// - Returns: vectors [batch, columns, count] and values [batch, count].
  static func first(_ count: Int, of matrices: Tensor, isRaw: Bool = false) -> (vectors: Tensor, values: Tensor) {
    guard isRaw else { return leadingSingularVectors(count, of: matrices) }
    let count = min(count, matrices.shape[1], matrices.shape[2])
    // LAPACK counts by columns: given the transpose it sees the matrix itself, as it does in PyTorch.
    let parts = singularValues(of: matrices.permuted([0, 2, 1]), fixesSigns: false)
    return (parts.left.slice(0..<count, alongAxis: 2), parts.values.slice(0..<count, alongAxis: 1))
  }

  /// For each of the teacher's vectors that of the student's with the largest |cosine| to it, with its sign; which one
  /// it is, and the sign, are constants.
  ///
  /// - Parameters:
  ///   - student: [batch, columns, candidates].
  ///   - teacher: [batch, columns, count], a constant.
  /// - Returns: [batch, columns, count].
  static func aligned(_ student: Tensor, to teacher: Tensor) -> Tensor {
    let choice = withoutRecording {
      let cosines = batchedMatrixProduct(student.detached(), teacher, transposesFirst: true)
      let sizes = cosines.absolute()
      let isLargest = mask(sizes, sizes.largest(alongAxis: 1, keepsAxis: true)) { $0 == $1 }
      return isLargest * (cosines.mask { $0 > 0 } - cosines.mask { $0 < 0 })
    }
    return batchedMatrixProduct(student, choice)
  }
}
