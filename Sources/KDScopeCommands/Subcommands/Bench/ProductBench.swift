import ArgumentParser
import Experiments
import Reporting
import Support
import Tensors
import Workloads

/// `kdscope bench gemm`.
struct ProductBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gemm", abstract: "Matrix products compared with OpenBLAS itself.",
    discussion: """
      f32, row-major, alternately. With --json: a list of objects with "rows", "columns", "inner", \
      "gflops_per_second", "openblas_gflops_per_second", "openblas_kernels" and "ratio".

      OpenBLAS takes its kernels of 2004 (Prescott) for a processor that it does not know; OPENBLAS_CORETYPE=SkylakeX, \
      or Haswell where there is no AVX-512, gives it others.
      """)

  @Option(name: .long, help: "Timed products of each size.")
  var repeats = 50

  @OptionGroup
  var options: BenchOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([("--repeats", repeats, 1...1_000_000)])
  }

  func run() throws {
    options.begin()
    let results = ProductBenchmark.sizes.map { ProductBenchmark.run($0, repeats: repeats) }
    let kernels = "OpenBLAS with its kernels for \(ProductBenchmark.kernels)"
    try output.print(
      .list(results.map(document)), text: kernels + "\n" + aligned([header] + results.map(row), indent: ""))
  }

  private var header: [String] { ["rows", "columns", "inner", "GFLOP/s", "OpenBLAS GFLOP/s", "ratio"] }

  private func row(_ result: ProductBenchmark.Result) -> [String] {
    let (own, library) = (result.rate(result.engine), result.rate(result.library))
    return ["\(result.rows)", "\(result.columns)", "\(result.inner)"]
      + [own, library].map { "\(Int($0.rounded()))" } + [NumberFormat.fixed(own / library, 2)]
  }

  private func document(_ result: ProductBenchmark.Result) -> DocumentNode {
    let (own, library) = (result.rate(result.engine), result.rate(result.library))
    return .map([
      "rows": .number(Double(result.rows)), "columns": .number(Double(result.columns)),
      "inner": .number(Double(result.inner)), "gflops_per_second": .number(own),
      "openblas_gflops_per_second": .number(library), "openblas_kernels": .text(ProductBenchmark.kernels),
      "ratio": .number(own / library),
    ])
  }
}
