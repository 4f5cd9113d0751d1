import ArgumentParser
import Experiments

/// How networks of a recipe are trained, for one role or for a whole experiment.
struct TrainingOptions: ParsableArguments {
  @Flag(name: .long, help: "Also write events for TensorBoard, into runs/NAME/tensorboard. (default: none)")
  var tensorboard = false

  @Flag(
    name: .long,
    help:
      "Store the teacher's answers to the training images, once for all students of a seed. (default: compute them anew)"
  )
  var cacheTeacher = false

  @OptionGroup
  var retry: RetryOptions

  @OptionGroup(title: "Changes to the recipe")
  var changes: RecipeOptions

  @OptionGroup
  var work: WorkOptions

  /// The experiment of a recipe, ready to train.
  ///
  /// - Parameter recipe: its path; nil for the built-in one.
  /// - Returns: an experiment that shows its progress.
  /// - Throws: ``InputError`` where the recipe, or a change to it, is wrong.
  func experiment(_ recipe: String?) throws -> Experiment {
    let experiment = work.experiment(try changes.recipe(recipe))
    experiment.writesEvents = tensorboard
    experiment.cachesTeacher = cacheTeacher
    experiment.retriesFailed = retry.retryFailed
    return experiment
  }
}

/// What becomes of trainings that diverged in an earlier process.
struct RetryOptions: ParsableArguments {
  @Flag(
    name: .long,
    help:
      "Try trainings again that diverged in an earlier process, from their last good epoch. (default: leave them out)"
  )
  var retryFailed = false
}
