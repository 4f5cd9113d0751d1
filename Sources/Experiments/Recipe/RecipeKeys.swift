import Analysis
import Distillation
import Support
import Training

/// What the sections of a recipe take, described like the options of models and methods.
///
/// The one table: readers check keys, types and ranges by it, hints are taken from it, and `kdscope recipe --keys`
/// prints it.
enum RecipeKeys {
  /// Keys of the whole recipe.
  static let root = CatalogEntry(
    "recipe", "the whole experiment",
    options: [
      OptionDescription(
        "name", .described(nameWords), "names runs/NAME, reports/NAME and notebooks-data/NAME; else the file's name"),
      OptionDescription("data", section, "images; required"),
      OptionDescription("teacher", section, "the network that teaches; required unless no method asks one"),
      OptionDescription(
        "teachers", .described("NAME: section, …"),
        "further networks that teach, trained on labels or read from files: students name them as teacher or in "
          + "further-teachers"),
      OptionDescription("student", section, "the network that learns, also as the baseline; required"),
    ] + student + [
      OptionDescription("students", .described("NAME: section, …"), "several students, instead of the keys of one"),
      OptionDescription(
        "assistants", .described("NAME: section, …"), "networks of other models that learn first, to teach students"),
      OptionDescription("training", section, "how every network is trained"),
      OptionDescription("analysis", section, "what is measured afterwards"),
      OptionDescription(
        "seeds", .described(seedWords), default: .number(1), "repetitions, 1 to the number, or the seeds listed"),
      OptionDescription(
        "threads", .described(threadWords), default: .text("all"),
        "processors used; results are bit-identical for the same number only"),
      OptionDescription("quick", .described("key.path: value, …"), "what --quick changes"),
    ])

  static let section = OptionDescription.Kind.described("a section")
  static let nameWords = "letters (a to z, A to Z), digits, '-', '_' and '.', at most 64"
  static let seedWords = "their number, from 1 to 1000, or a list of different seeds from 1 to 1000000"
  static let threadWords = "'all' or a whole number from 1 to 1024"

  /// Keys of the only student, at the top of the recipe, or of each of several.
  static let student = [
    OptionDescription("labels", section, "the cross-entropy with the labels"), schedule, classifierEpochs, budget,
    teacherView, omit,
    OptionDescription(
      "distillation", .described("a list of terms"), "what is learned from the teacher: { method: … }, …"),
  ]

  /// Keys of one of several students, and of an assistant.
  static let namedStudent = student + [measure, lesson]
  static let assistant = model + student + [lesson, apart]

  /// Keys of `data`, `teacher`, `student` and a term of `distillation`, beside the options of what they name.
  static let data = [OptionDescription("set", .described("a name"), "the data set; required")]
  static let model = [OptionDescription("model", .described("a name"), "the network; required")]
  static let teacher =
    model + [
      teacherEpochs,
      OptionDescription(
        "checkpoint", .described("a path"),
        "a trained teacher's file (safetensors, PyTorch, npz), instead of training one; without epochs; its network need "
          + "not be named"),
      OptionDescription(
        "key", .described("a.b"),
        "where in a PyTorch checkpoint the weights stand, such as state_dict; found by itself unless given"),
      accuracy, normalization,
    ]
  static let normalization = OptionDescription(
    "normalization", .described("a name, or m,m,m/s,s,s"),
    "of the pixels that a teacher's file was trained on: imagenet, cifar10, cifar100, half, none, or means and "
      + "deviations; what the file says, else the data's, unless given")
  static let teacherEpochs = OptionDescription(
    "epochs", .integer(1...10_000), "passes over the data; training.epochs unless given")
  static let term = [OptionDescription("method", .described("a name"), "the method; required"), weight]

  static let weight = OptionDescription("weight", .number(0...1e6), default: .number(1), "factor in the sum")
  static let labels = CatalogEntry("labels", "cross-entropy with the labels", options: [weight])
  static let schedule = OptionDescription(
    "schedule", .choice(StudentRecipe.Schedule.allCases.map(\.rawValue)), default: .text("joint"), "order of the terms")
  static let accuracy = OptionDescription(
    "accuracy", .number(0...1),
    "least accuracy of a teacher's checkpoint on the development split, a share; 0 takes one at chance")
  static let classifierEpochs = OptionDescription(
    "classifier-epochs", .integer(1...10_000),
    "epochs of a two-stage student's second stage; two thirds of training.epochs unless given")
  static let budget = OptionDescription(
    "budget", .choice(StudentRecipe.Budget.allCases.map(\.rawValue)), default: .text("joint"),
    "what training.epochs counts: joint, or total, with the methods' stages that train the student")
  static let teacherView = OptionDescription(
    "teacher-view", .choice(TeacherView.allCases.map(\.rawValue)), default: .text(TeacherView.same.rawValue),
    "how the teacher sees an image that the student sees augmented: just so, clean, or augmented by draws of its own")
  static let omit = OptionDescription(
    "omit", .texts,
    "classes, by name or number from 0, of which the student is shown no training image; none unless given")
  static let apart = OptionDescription(
    "apart", .flag, default: .flag(false),
    "whether it has first weights and batches of its own: an assistant of the students' model that learns from labels is the "
      + "baseline to the bit, unless it is apart")
  static let measure = OptionDescription(
    "measure", .texts, "layers at which the student is measured; all of analysis.layers unless given")
  static let lesson = OptionDescription(
    "teacher", .described("a name, or a section"),
    "the one of teachers, assistants or students that teaches, also { by: NAME, epoch: N }; the recipe's teacher at its end "
      + "unless given")
  static let lessonKeys = CatalogEntry(
    "teacher", "who teaches",
    options: [
      OptionDescription("by", .text, "name of a teacher, assistant or student; the recipe's teacher unless given"),
      OptionDescription("epoch", .number(0...10_000), "of whose weights; the last one unless given"),
    ])
  static let epochs = OptionDescription("epochs", .integer(1...10_000), default: .number(30), "passes over the data")

  static let training = CatalogEntry(
    "training", "how every network is trained",
    options: [
      epochs,
      OptionDescription("batch", .integer(2...65_536), default: .number(64), "images in one step"),
      OptionDescription(
        "optimizer", .choice(TrainingSettings.Rule.allCases.map(\.rawValue)), default: .text("sgd"),
        "rule of the step"),
      OptionDescription(
        "learning-rate", .number(1e-8...100), "rate after warm-up; 0.05 for sgd and dot, 0.001 for adam and adamw"),
      OptionDescription("momentum", .number(0...0.9999), "momentum of sgd and dot; 0.9 unless given"),
      OptionDescription(
        "delta", .number(0...0.9999), "dot's: less momentum for labels, more for terms; 0.075 unless given"),
      OptionDescription("nesterov", .flag, "Nesterov momentum for sgd; false unless given"),
      OptionDescription(
        "weight-decay", .number(0...1), default: .number(0.0005), "factor of the weights in the gradient"),
      OptionDescription(
        "warm-up", .number(0...10_000), default: .number(0), "epochs over which the rate rises linearly"),
      OptionDescription("clip-norm", .number(1e-6...1e6), "largest norm of the gradient; none unless given"),
      OptionDescription(
        "gradients", .integer(0...10_000), default: .number(0),
        "steps of each epoch in which the terms' gradients are compared with the labels'; changes no weight"),
      OptionDescription(
        "checkpoints", .numbers,
        "moments inside of epochs, such as 0.125, at which weights are kept and may be measured, beside the ends of epochs; "
          + "none unless given"),
      OptionDescription(
        "keep", .choice(TrainingSettings.Keep.allCases.map(\.rawValue)), default: .text("all"),
        "epochs whose weights stay on disk: all; measured, the first, the last and what analysis needs; or last"),
    ])

  static let trainingSchedule = CatalogEntry(
    "schedule", "how the learning rate falls",
    options: [
      OptionDescription(
        "kind", .choice(RecipeKeys.schedules.map(\.kind)), default: .text("cosine"), "shape of the fall"),
      OptionDescription("at", .numbers, "epochs at whose start the rate falls"),
      OptionDescription(
        "factor", .number(1e-6...1), "what the rate is multiplied by; 0.1 unless given, for exponential 0.95"),
      OptionDescription("every", .integer(1...10_000), "epochs between falls of kind step"),
      OptionDescription(
        "power", .number(0.01...100), "exponent of a polynomial; 1, a straight line to zero, unless given"),
      OptionDescription("patience", .integer(0...10_000), "epochs without a better loss; 10 unless given"),
      OptionDescription(
        "threshold", .number(0...0.999), "share by which a loss must be lower to count as better; 0.0001 unless given"),
      OptionDescription("cooldown", .integer(0...10_000), "epochs after a fall that do not count; 0 unless given"),
      OptionDescription("minimum-rate", .number(0...100), "the rate does not fall below it; 0 unless given"),
    ])

  /// The kinds of schedules, with the keys that each has beside `kind`.
  static let schedules: [(kind: String, keys: [String])] = [
    ("constant", []), ("cosine", []), ("multi-step", ["at", "factor"]), ("step", ["every", "factor"]),
    ("exponential", ["factor"]), ("polynomial", ["power"]),
    ("plateau", ["factor", "patience", "threshold", "cooldown", "minimum-rate"]),
  ]

  static let analysis = CatalogEntry(
    "analysis", "what is measured afterwards",
    options: [
      OptionDescription("layers", .texts, "layers whose features are measured; the last map unless given"),
      OptionDescription("probe-images", .integer(1...100_000), default: .number(64), "development images"),
      OptionDescription("grid", .integer(1...256), default: .number(16), "cells along each side"),
      OptionDescription("distortion", .number(1e-4...10), default: .number(0.1), "share of the feature's variance"),
      OptionDescription(
        "thresholds", .numbers, default: .list([0.1, 0.2, 0.4, 0.8].map(OptionValue.number)), "concept thresholds, nats"
      ),
      OptionDescription("draws", .integer(2...4_096), default: .number(16), "noise draws in an iteration"),
      OptionDescription("iterations", .integer(4...10_000), default: .number(32), "iterations of the solver"),
      OptionDescription(
        "procedure", .choice(AnalysisRecipe.Procedure.choices.map(\.rawValue)), default: .text("fixed-distortion"),
        "how the entropy is measured"),
      OptionDescription(
        "epochs", .numbers,
        "epochs that are measured, the last among them; up to six, dense at the beginning, and training.checkpoints, unless "
          + "given"),
      OptionDescription(
        "position", .choice(PositionCorrection.allCases.map(\.rawValue)),
        "how maps lose what a cell's place decides; background where the data set draws one, else scrambled"),
      OptionDescription(
        "position-images", .integer(2...100_000), default: .number(24), "pictures without an object for that"),
    ])

  static let published = CatalogEntry(
    "published", "settings of the published procedure",
    options: [
      OptionDescription("candidates", .integer(1...100_000), "images asked for validity; probe-images unless given"),
      OptionDescription("draws", .integer(2...4_096), default: .number(96), "noise draws in a step"),
      OptionDescription("steps", .integer(1...160), default: .number(60), "steps on every image"),
      OptionDescription("extra-steps", .integer(0...80), default: .number(20), "steps where the target is not reached"),
      OptionDescription(
        "valid-from", .number(0...1), default: .number(0.2667), "share of the epochs before validity is asked"),
    ])

  /// Folder names that a run needs for itself.
  static let reservedNames = [RoleName.teacher, RoleName.baseline, "state", "untrained"]
}
