/// A training benchmark of the engine; rates in images per second, memory in bytes.
struct TrainingResult: Codable {
  let imagesPerSecond: Double
  /// The raw oneDNN sequence with direct convolutions; nil where it was not run.
  let direct: Double?
  /// The raw sequence with Winograd; nil where it was not run.
  let winograd: Double?
  let peakAboveStart: Double
  let growth: Double
}

/// The entropy solver, and how near its maps are to long runs.
struct SolverResult: Codable {
  let secondsPerImage: Double
  let passes: Double
  let correlation: Double
  /// Centred error over the long run's spread.
  let error: Double
  /// Largest |ln D/τ|.
  let logDistortionError: Double
  /// Of the second long run with the first.
  let referenceCorrelation: Double
  let referencePasses: Double
  let images: Int
  /// Of the network on its development split.
  let accuracy: Double
}

/// One size of matrix product; rates in GFLOP/s.
struct ProductResult: Codable {
  let rows: Int
  let columns: Int
  let inner: Int
  let engine: Double
  let library: Double
  /// Which of its kernels OpenBLAS took.
  let kernels: String
}

/// Training steps with one method; of the engine and of PyTorch.
struct MethodResult: Codable {
  let method: String
  let imagesPerSecond: Double
}

/// What `pytorch/methods.py` prints, as far as it is used.
struct TorchMethods: Decodable {
  let methods: [MethodResult]
}

/// What `pytorch/train_step.py` prints, as far as it is used.
struct TorchTraining: Decodable {
  let best: Double
  let bestMode: String
  let peakRssAboveImportBytes: Double
  let torch: String
}

/// What `pytorch/inference.py` prints, as far as it is used; images per second.
struct TorchInference: Decodable {
  let compiled: Double?
  let compiledMode: String?
  let eagerChannelsLast: Double
}

/// What `pytorch/entropy.py` prints, as far as it is used.
struct TorchEntropy: Decodable {
  let secondsPerImage: Double
  let form: String
}
