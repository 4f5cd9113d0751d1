import Foundation
import Reporting
import Statistics
import Support

extension ReportMaterial {
  /// The card of one student, with facts of this run alone.
  ///
  /// - Parameters:
  ///   - student: its name.
  ///   - checkpoint: the last weights of its first seed.
  /// - Returns: nil where the student was not tested.
  func card(of student: String, checkpoint: String) -> ModelCard? {
    guard let accuracy = overSeeds(student, within: QuantityRange.share, { $0.accuracy }) else { return nil }
    let seeds = accuracy.count == 1 ? "one run" : "mean over \(accuracy.count) seeds"
    let interval = NumberFormat.interval(accuracy).map { ", 95 % interval \($0)" } ?? ""
    let metric = ModelCard.Metric(
      "accuracy", "Test accuracy, \(seeds)\(interval)", (accuracy.value * 10_000).rounded() / 10_000)
    return ModelCard(
      name: student == recipe.name ? student : "\(recipe.name)-\(student)",
      tags: ["knowledge-distillation", "image-classification", recipe.student.name], data: recipe.data.set,
      split: "test", metrics: [metric], body: cardBody(student, checkpoint))
  }

  private func cardBody(_ student: String, _ checkpoint: String) -> [Block] {
    [
      .paragraph(
        """
        \(recipe.student.name.withCapitalArticle), \(teacherName.map { "taught by \($0.withArticle)" } ?? "trained") on \(recipe.data.set) with KDScope \
        \(programVersion). Data: \(data.summary).
        """), .heading(2, "Results"), .table(cardTable(student)), .heading(2, "Training"),
      .list([
        "Loss of the student: \(loss(of: student)).",
        """
        \(teacherName.map { "Teacher: \($0), \(teacherOrigin). " } ?? "")\
        Student and baseline: \(recipe.training.epochs) epochs, the same first weights and batches, seeds \
        \(recipe.seeds.map(String.init).joined(separator: ", ")).
        """, "Recipe (SHA-256): \(code: SHA256.hexDigest(of: recipe.canonicalYAML)).",
      ]), .heading(2, "Use"),
      .paragraph(
        """
        The weights are a safetensors file with PyTorch's axis order and torchvision's names where it has the network; \
        its metadata hold architecture, normalisation and class names.
        """), .code("\(programName) probe summary \(checkpoint)", language: "sh"),
      .heading(2, "Limits"), .list(cardLimits), .heading(2, "Licence"),
      .paragraph("Not chosen yet: the front matter says \(code: "license: unknown"), which its author replaces."),
    ]
  }

  private func cardTable(_ student: String) -> ReportTable {
    var table = ReportTable([.init("Network"), .init("Test accuracy", .right), .init("Runs", .right)])
    for role in [RoleName.teacher, RoleName.baseline, student] {
      guard let accuracy = overSeeds(role, within: QuantityRange.share, { $0.accuracy }) else { continue }
      table.append(["\(title(role))", "\(NumberFormat.percent(accuracy))", "\(accuracy.count)"])
    }
    return table
  }

  private var cardLimits: [MarkdownText] {
    var limits: [MarkdownText] = [
      """
      Trained and tested on \(recipe.data.set) alone, with images of \(data.train.height)×\(data.train.width) pixels: \
      nothing is known of other images.
      """,
      "± is a 95 % Student t interval over seeds; it says nothing of other splits of the data.",
    ]
    if recipe.seeds.count < 3 { limits.append("With so few seeds a difference may be one of initialisations.") }
    if recipe.data.set == "part-shapes" {
      limits.append("The images are drawn by a program. They have little of the variety of photographs.")
    }
    return limits
  }
}
