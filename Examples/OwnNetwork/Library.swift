import Foundation
import KDScope

/// A teacher of the catalogue teaches the own network by five of its methods and the own one; each is written and read back.
func teachByLibrary() throws {
  let data = Stripes.splits(train: 240, seed: 1)
  let settings = TrainingSettings(
    epochs: 8, batch: 16, schedule: LearningRateSchedule(base: 0.05, shape: .cosine), clipNorm: 5)
  let teacher = try ModelCatalog.build(
    ModelSpecification("resnet8", classes: 3, height: Stripes.size, width: Stripes.size), seed: 1)
  let own = ModelSpecification("own-network", classes: 3, height: Stripes.size, width: Stripes.size)
  try distill(teacher, on: data, settings)
  print("teacher:", percent(Evaluation.of(teacher, on: data.test, data.normalization).accuracy))

  let layers: [String: OptionValue] = [
    "layers": .list([.text("conv1"), .text("conv2")]), "teacher-layers": .list([.text("layer2"), .text("layer3")]),
  ]
  let last: [String: OptionValue] = ["layers": .list([.text("conv2")]), "teacher-layers": .list([.text("layer3")])]
  for term in [
    DistillationTerm("kd", weight: 0.5), DistillationTerm("crd", weight: 0.8, ["negatives": .number(64)]),
    DistillationTerm("rkd"), DistillationTerm("review-kd", layers), DistillationTerm("fitnet", last),
    DistillationTerm(OwnMethod.self, weight: 0.2),
  ] {
    let student = OwnNetwork(own, Initialiser(seed: 2))
    let history = try distill(student, from: teacher, on: data, by: [term], labels: 0.5, settings)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("own-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try Checkpoint.write(student, CheckpointFacts(of: student, on: data, epoch: settings.epochs), to: file)
    let again = OwnNetwork(own, Initialiser(seed: 3))
    try Checkpoint.read(file, into: again)
    let accuracy = Evaluation.of(again, on: data.test, data.normalization).accuracy
    let loss = history.epochs.last?.terms.last ?? nil
    print("student by \(term.name):", percent(accuracy), "loss", loss.map { String(format: "%.4f", $0) } ?? "-")
  }
}

func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
