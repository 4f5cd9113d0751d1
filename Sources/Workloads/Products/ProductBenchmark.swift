import COpenBLAS
import Tensors

/// Times the engine's matrix product beside OpenBLAS itself, alternately.
public struct ProductBenchmark {
  /// One size: [rows, inner] · [inner, columns].
  public struct Result: Sendable {
    /// Rows of the result.
    public let rows: Int
    /// Columns of the result.
    public let columns: Int
    /// Length of the sums.
    public let inner: Int
    /// The engine.
    public let engine: Durations
    /// `cblas_sgemm` on the same values.
    public let library: Durations

    /// Billions of operations in a second, by the median.
    public func rate(_ durations: Durations) -> Double {
      2 * Double(rows) * Double(columns) * Double(inner) / durations.median / 1e9
    }
  }

  /// Sizes that distillation has: logits, fully connected layers, similarity of a batch, square ones.
  public static let sizes: [(rows: Int, columns: Int, inner: Int)] = [
    (64, 10, 64), (64, 512, 512), (256, 256, 64), (64, 4096, 4096), (512, 512, 512), (1024, 1024, 1024),
  ]

  /// The processor whose kernels OpenBLAS took; `Prescott`, of 2004, also where it does not know the processor.
  public static var kernels: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

  /// Times one size.
  ///
  /// - Parameters:
  ///   - size: [rows, inner] · [inner, columns].
  ///   - repeats: how often each is timed.
  /// - Returns: the times of both.
  public static func run(_ size: (rows: Int, columns: Int, inner: Int), repeats: Int) -> Result {
    let a = Tensor.normal([size.rows, size.inner], Philox(seed: 1))
    let b = Tensor.normal([size.inner, size.columns], Philox(seed: 2))
    var (engine, library) = (Durations(), Durations())
    var target = [Float](repeating: 0, count: size.rows * size.columns)
    for round in 0..<repeats + 3 {
      var once = Durations()
      once.time { _ = withoutRecording { matrixProduct(a, b) } }
      var direct = Durations()
      a.withFloats { left in
        b.withFloats { right in
          direct.time {
            cblas_sgemm(
              CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(size.rows), Int32(size.columns), Int32(size.inner), 1,
              left.baseAddress, Int32(size.inner), right.baseAddress, Int32(size.columns), 0, &target,
              Int32(size.columns))
          }
        }
      }
      guard round >= 3 else { continue }
      engine.add(once)
      library.add(direct)
    }
    return Result(rows: size.rows, columns: size.columns, inner: size.inner, engine: engine, library: library)
  }
}
