import NeuralNetworks
import Support
import Tensors

/// Local structure preserving (Yang, Qiu, Song, Tao & Wang, "Distilling Knowledge from Graph Convolutional Networks",
/// CVPR 2020, arXiv 2003.10477, eq. 2 to 5).
///
/// LS_ij = softmax over the edges into j of how alike i and j are; mean over the nodes j of KL(LS_t ‖ LS_s), 0 for a node
/// without edges. The paper has graphs; for images the graph joins each with its k nearest in the teacher's vectors of the
/// batch, which is KDScope's extension. Left to the caller: the label term.
public final class LSP: DistillationMethod, TensorLoss {
  /// `lsp`.
  public static let entry = CatalogEntry(
    "lsp", "how similar the neighbours of an image are to it, as a distribution over them",
    paper: "Yang, Qiu, Song, Tao & Wang, Distilling Knowledge from Graph Convolutional Networks, CVPR 2020",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2020"), StepPart.fact(.features),
      (key: "needs", value: "a vector of each network, of any width; at least 3 images"),
      (key: "formula", value: "mean_j Σ_{i→j} LS_t log(LS_t/LS_s), LS = softmax over the edges into j of sim(i, j)"),
      (key: "recipe", value: "- { method: lsp, weight: 100 }"),
    ],
    options: [neighbors.option, kernel.option, sigma.option, constant.option, degree.option] + EmbeddingPair.options)
  /// How alike two images are.
  enum Kernel: String, OptionChoice {
    case l1Exp = "l1-exp"
    case rbf
    case linear
    case polynomial
    case squaredDistance = "squared-distance"
  }
  private static let neighbors = OptionKey.integer("neighbors", 2...1024, default: 8, "k, edges to each image")
  private static let kernel = OptionKey.choice(
    "kernel", default: Kernel.l1Exp, "sim: exp(−‖x − y‖₁/σ), exp(−‖x − y‖²/(2σ²)), x·y, (x·y + c)^d, ‖x − y‖²")
  private static let sigma = OptionKey.number("sigma", 1e-6...1e6, default: 100, "σ of the kernels l1-exp and rbf")
  private static let constant = OptionKey.number("constant", -1e6...1e6, default: 1, "c of the kernel polynomial")
  private static let degree = OptionKey.integer("degree", 1...8, default: 2, "d of the kernel polynomial")
  /// Embeddings, and the edges; unless given, those to each node from the teacher's nearest.
  public static let inputs = LossInput.embeddings + [LossInput("edges", "N _", .integers, isOptional: true)]

  private let options: Options
  private let pair: EmbeddingPair

  /// - Throws: ``InputError`` if a layer does not exist.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    pair = try EmbeddingPair(options, setup, Self.entry.name)
  }

  /// The student's vector.
  public var studentFeatures: Set<FeaturePoint> { pair.studentFeatures }
  /// The teacher's vector.
  public var teacherFeatures: Set<FeaturePoint> { pair.teacherFeatures }
  /// Three: one neighbour has all of the probability.
  public let fewestImages = 3

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let (student, teacher) = (try inputs.tensor("student.embedding"), try inputs.tensor("teacher.embedding"))
    let nodes = student.shape[0]
    guard inputs.has("edges") else { return single(value(student, teacher, nearest(teacher, options), options)) }
    let edges = try EdgeList(inputs.integers("edges"), nodes: nodes, at: inputs.place)
    return single(value(student, teacher, edges, options))
  }

  /// The divergence over the graph of the teacher's neighbours.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = pair.vectors(step)
    return Self.value(student, teacher, Self.nearest(teacher, options), options)
  }

  private static func nearest(_ teacher: Tensor, _ options: Options) -> EdgeList {
    EdgeList(nearest: options[Self.neighbors], of: teacher)
  }

  private static func value(_ student: Tensor, _ teacher: Tensor, _ edges: EdgeList, _ options: Options) -> Tensor {
    guard !edges.targets.isEmpty else { return student.nothing }
    func structure(_ x: Tensor) -> Tensor {
      edges.logSoftmax(
        likeness(x.taken(edges.sources, alongAxis: 0), x.taken(edges.targets, alongAxis: 0), options))
    }
    let own = structure(student)
    let target = withoutRecording { structure(teacher) }
    // Each node's sum, then their mean: nodes without edges count with 0. All edges are one row of summands.
    let row: Shape = [1, own.count]
    return divergenceOfRows(own.reshaped(row), from: target.reshaped(row)).sum() / Float(edges.nodes)
  }

  /// sim of the points at both ends of each edge: [edges].
  private static func likeness(_ from: Tensor, _ to: Tensor, _ options: Options) -> Tensor {
    let sigma = Float(options[Self.sigma])
    switch options[Self.kernel] {
    case .rbf: return ((from - to).sumOfSquares(alongAxes: [1]) / (-2 * sigma * sigma)).exp()
    case .linear: return (from * to).sum(alongAxes: [1])
    case .polynomial:
      let base = (from * to).sum(alongAxes: [1]) + Float(options[Self.constant])
      return (1..<options[Self.degree]).reduce(base) { power, _ in power * base }
    case .squaredDistance: return (from - to).sumOfSquares(alongAxes: [1])
    case .l1Exp: return ((from - to).absolute().sum(alongAxes: [1]) / -sigma).exp()
    }
  }
}
