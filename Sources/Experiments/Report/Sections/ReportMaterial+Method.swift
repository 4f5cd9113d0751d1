import Analysis
import Distillation
import Reporting
import Statistics

extension ReportMaterial {
  /// How it was done, for somebody who wants to do it again or to doubt it.
  var method: [Block] {
    let analysis = recipe.analysis
    let fixed = analysis.procedures.contains(.fixedDistortion)
    var items: [MarkdownText] = [
      "**Data.** \(data.summary). Choices are made on the development split; the test split was used once, at the end.",
      """
      **Networks.** \(teacherName.map { "Teacher: \($0), \(teacherTraining). " } ?? (lessons.isEmpty ? "No method asks a teacher. " : ""))Baseline and students: \
      \(recipe.student.name), \(recipe.training.epochs) epochs. Of one seed they start from the same weights and see \
      the same batches in the same order, so differences are paired.
      """,
      "**Distillation.** \(MarkdownText(markdown: recipe.students.map { self.loss($0).markdown }.joined(separator: "; "))).",
    ]
    if !lessons.isEmpty { items.append("**Chains.** \(MarkdownText.list(lessons)).") }
    if fixed {
      items += [
        """
        **Entropy.** \(analysis.probeImages) development images, the same for every network. One σ per cell of a \
        \(analysis.grid)×\(analysis.grid) grid (pixels in [0, 1], noise before normalisation, σ in [1e-4, 3]) maximises \
        Σ ln σ + ½ ln(2πe) under E‖h(x + σε) − h(x)‖² / δ² = τ = \(NumberFormat.significant(analysis.distortion, 2)); δ² \
        is the feature's own variance over up to 1 000 development images, per network and epoch. Solved by a \
        fixed-point iteration (\(analysis.iterations) × \(analysis.draws) noise draws), with fresh noise at every \
        checkpoint (epochs \(recipe.measuredEpochs(.fixedDistortion).map { "\($0)" }.joined(separator: ", "))). \
        Procedure: \(code: EntropyProcedure.fixedDistortion.rawValue).
        """,
        """
        **Position.** A border cell has the larger entropy whatever it shows, and backgrounds lie at the border. The \
        profile π_c = mean_j (H_jc − mean_c′ H_jc′), by \(positionSource), of every network and checkpoint is taken out: \
        A_c = H_c − π_c. All that follows is of A.
        """,
        """
        **Quantities.** Gap g: mean A of the background's cells − of the object's, nats. t½: the share of the baseline's \
        steps, linear between checkpoints, at which the mean gap first reaches half of its own maximum; stages before the \
        joint training count. A cell is a concept where Ā_bg − A_i > b; ρ is the number of the object's concepts at the \
        end over the number of its cells that were one at any epoch from 1; ρ_floor is the ρ of the last checkpoint, \
        measured as often with images, profile and noise anew, for each network. N_fg and N_bg count concepts on object and \
        background, λ = N_fg / (N_fg + N_bg); D_mean and D_std are mean and deviation over images of the weight distance \
        at the epoch with most concepts.
        """,
      ]
    }
    if comparesProcedures { items += publishedMethod }
    guard analysis.measures else {
      return [.list(items + ["**Concepts** were not measured (\(code: "analysis: none"))."])] + classTable
    }
    items += [
      """
      **Verdicts.** One quantity decides each hypothesis, at the first layer: g at the last epoch (H1), t½ (H2), ρ − \
      ρ_floor at b = \(NumberFormat.significant(Hypothesis.threshold, 2)) nats (H3). Mean over the images that both \
      networks have, student − baseline paired by seed, Student's t over seeds, Holm-corrected over the students: p ≤ \
      0.05 decides, the sign names the side. Not testable: fewer than \(PairedClaim.fewestSeeds) seeds; a network that \
      is not better than chance, or more than a tenth of whose maps failed; no network (H1), or one of the two (H2, H3), \
      whose gap lies above 0; a gap that does not grow (H2).
      """,
      """
      **Intervals over seeds.** Student's t knows no ends: with few seeds its interval may reach where the quantity \
      cannot lie. It is cut there (an accuracy at 0 and 100 %, a loss at 0, a correlation at ±1), which costs no \
      coverage, and is then given by its ends.
      """,
    ]
    return [.list(items)] + classTable + [
      .paragraph(
        """
        After Cheng, Rao, Chen and Zhang, “Explaining Knowledge Distillation by Quantifying the Knowledge”, CVPR 2020; \
        entropies after Guan et al., ICML 2019. The paper's student has the teacher's architecture and learns its fully \
        connected features; here the networks and the loss are the recipe's.
        """)
    ]
  }

  private var positionSource: String {
    primary.map { source(of: $0.position) } ?? source(of: .scrambled)
  }

  /// Images per class and split, where they are not equal.
  private var classTable: [Block] {
    guard !data.isBalanced else { return [] }
    let counts = data.all.map(\.set.classCounts)
    var table = ReportTable(
      [.init("Class")] + data.all.map { .init("\($0.name) images", .right) },
      caption: "The classes have unequal numbers of images; accuracies are means over images, not over classes.")
    for (index, name) in data.train.classes.enumerated() {
      table.append(["\(name)"] + counts.map { "\($0[index])" })
    }
    return [.table(table)]
  }

  /// The architecture of the network that teaches; nil where nobody does.
  var teacherName: String? { recipe.asksTeacher ? recipe.teacher?.model.name : nil }

  /// Where its weights come from.
  var teacherOrigin: String {
    recipe.teacherPath.map { "read from \($0)" }
      ?? "\(recipe.teacherEpochs) epoch\(recipe.teacherEpochs == 1 ? "" : "s")"
  }

  private var teacherTraining: String {
    let origin = teacherOrigin + (recipe.trainsTeacher ? ", seed \(recipe.seeds.first ?? 1)" : "")
    return ([origin] + results.teacherChanges).joined(separator: "; ")
  }

  /// A student's loss in words, without its name.
  func loss(of name: String) -> MarkdownText { recipe.students.first { $0.name == name }.map(terms) ?? "" }

  /// Who teaches whom where it is not the recipe's teacher at its end.
  private var lessons: [MarkdownText] {
    recipe.teachers.map { named -> MarkdownText in
      let origin =
        named.teacher.checkpoint.map { "read from \($0)" }
        ?? "\(named.teacher.epochs) epoch\(named.teacher.epochs == 1 ? "" : "s")"
      return "teacher \(named.name), \(named.teacher.model.name.withArticle), \(origin)"
    }
      + recipe.assistants.map { "assistant \(loss($0)), \(recipe.model(of: $0.name).name.withArticle)" }
      + recipe.taught.compactMap { learner in
        learner.lesson.map { lesson in
          let by = lesson.by.map { recipe.teacher(named: $0) == nil ? "\($0) of the same seed" : $0 } ?? "the teacher"
          return "\(learner.name) learns from \(by)\(lesson.epoch.map { " as it is after epoch \($0)" } ?? "")"
        }
      }
  }

  private func loss(_ student: StudentRecipe) -> MarkdownText { "\(student.name): \(terms(student))" }

  private func terms(_ student: StudentRecipe) -> MarkdownText {
    let labels = "\(NumberFormat.significant(student.labelWeight, 3)) × cross-entropy with the labels"
    let isTwoStage = student.schedule == .twoStage
    let terms = student.terms.map { term -> String in
      let options = term.options.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      return "\(NumberFormat.significant(term.weight, 3)) × \(term.method)"
        + (options.isEmpty ? "" : " (\(options.joined(separator: ", ")))")
    }
    guard !isTwoStage else {
      let second =
        student.classifierEpochs > 0
        ? "then \(student.classifierEpochs) epochs of the layers behind by labels, all before them frozen"
        : "and no second stage, because nothing lies behind that layer"
      return "two-stage: \(recipe.training.epochs) epochs by \(terms.joined(separator: " + ")) alone, \(second)"
    }
    let stages = student.stages.map { "\($0.epochs) of \($0.name)" }.joined(separator: ", ")
    let before =
      student.budget == .total
      ? "; of \(recipe.training.epochs) epochs \(stages), then \(student.jointEpochs(of: recipe.training.epochs)) jointly"
      : ""
    return "\(([labels] + terms).joined(separator: " + "))\(before)"
  }
}
