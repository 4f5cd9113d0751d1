import Analysis
import Reporting

/// Words and symbols that the pages of lessons use, for a reader who has had one course in machine learning.
enum LessonWords {
  /// One item for each word; those of the hypotheses only where they were measured.
  static func explained(with material: LessonMaterial) -> [MarkdownText] {
    words + (material.studies.isEmpty ? [] : hypotheses)
  }

  private static let words: [MarkdownText] = [
    """
    **baseline, teacher, student, arm.** The baseline is the students' network trained on labels alone. An arm is one way \
    to train; it has one network for each seed.
    """,
    """
    **seed.** The number that first weights and the order of pictures come from; students of a seed begin with the same \
    weights and see the same batches.
    """,
    """
    **assistant.** A network between a teacher and a student: it learns from the one and teaches the other. **Capacity gap**: \
    that a student learns less from a large teacher than from one nearer to its own size. **Fidelity**: how well it copies \
    its teacher, whether that is right or wrong; agreement and KL measure it.
    """,
    """
    **kd.** Distillation (Hinton, Vinyals & Dean, Distilling the Knowledge in a Neural Network, 2015): the loss is a weight \
    times the cross-entropy with the label, and another times T² · KL(p_T ‖ q_T), p_T the teacher's and q_T the student's \
    softened answer, softmax(logits / T).
    """,
    "**T, temperature.** What logits are divided by before softmax; 1 leaves the answer as it is, more makes it more even.",
    """
    **KL(p ‖ q).** Σ p log(p / q): 0 where both say the same, larger the less q expects what p says. A **nat** is its unit \
    with the natural logarithm.
    """,
    "**agreement.** Share of test pictures in which a network chooses the class that its teacher chooses.",
    """
    **confidence.** The probability of the class that is chosen. **Calibration error**: how far confidence and the share that \
    is right lie apart, over bins of confidence; too much and too little count alike.
    """,
    """
    **± and 95 % Student t.** The half-width of the interval for the mean over seeds. It holds what another set of seeds would \
    change, not what other pictures would.
    """,
    """
    **p, p after Holm.** How often a difference as large as this one would come by chance if there were none; after Holm's \
    correction for all planned comparisons of the page. **supported** and **contradicted** need p after Holm below 0.05; \
    **inconclusive** is all else.
    """,
    "**part-shapes.** The drawn pictures: ten classes of objects composed of parts, on cluttered textures.",
  ]

  private static let hypotheses: [MarkdownText] = [
    """
    **entropy map.** How much noise each cell of a picture bears before the layer's feature changes by a fixed share, in \
    nats; low is kept. **Position removed**: less what the cell's place alone gives, by pictures without an object.
    """,
    """
    **H1 to H3.** The hypotheses of Cheng et al., Explaining Knowledge Distillation by Quantifying the Knowledge, CVPR 2020: \
    the student keeps more of the object, learns it sooner, and makes fewer detours. A **concept** is a cell that is kept.
    """,
    "**g (H1).** \(Hypothesis.moreConcepts.quantitySummary).",
    """
    **t½ (H2).** \(Hypothesis.fasterLearning.quantitySummary). Between two moments that were measured the gap is taken to \
    change evenly, so that a t½ before the first of them is no finer than that moment.
    """,
    "**ρ − ρ_floor (H3).** \(Hypothesis.steadierDirection.quantitySummary).",
  ]
}
