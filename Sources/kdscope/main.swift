import Experiments
import Support
import Foundation
import Datasets
import Models
import Distillation
let vocabulary = Vocabulary(datasets: DatasetCatalog.entries, models: ModelCatalog.entries, methods: MethodRegistry.entries)
do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  let recipe = try arguments.first.map { try Recipe.read(from: $0, vocabulary: vocabulary, overrides: Array(arguments.dropFirst())) } ?? Recipe.builtIn(vocabulary: vocabulary, quick: true)
  let e = Experiment(recipe, root: URL(fileURLWithPath: "/tmp/kd"), progress: ProgressDisplay())
  print(try e.run(resumes: true))
} catch { print(error) }
