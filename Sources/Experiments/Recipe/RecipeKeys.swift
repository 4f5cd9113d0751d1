import Distillation
import Support

/// What the sections of a recipe take, described like the options of models and methods.
///
/// The one table, with ``TrainingKeys`` and ``AnalysisKeys``: readers check keys, types and ranges by it, hints are
/// taken from it, and `kdscope recipe --keys` prints it.
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
    OptionDescription("labels", section, "the cross-entropy with the labels"), schedule.option, classifierEpochs.option,
    budget.option, teacherView.option, omit.option,
    OptionDescription(
      "distillation", .described("a list of terms"), "what is learned from the teacher: { method: … }, …"),
  ]

  /// Keys of one of several students, and of an assistant.
  static let namedStudent = student + [measure.option, lesson]
  static let assistant = model + student + [lesson, apart.option]

  /// Keys of `data`, `teacher`, `student` and a term of `distillation`, beside the options of what they name.
  static let data = [OptionDescription("set", .described("a name"), "the data set; required")]
  static let model = [OptionDescription("model", .described("a name"), "the network; required")]
  static let teacher =
    model + [
      teacherEpochs.option,
      OptionDescription(
        "checkpoint", .described("a path"),
        "a trained teacher's file (safetensors, PyTorch, npz), instead of training one; without epochs; its network need "
          + "not be named"),
      OptionDescription(
        "key", .described("a.b"),
        "where in a PyTorch checkpoint the weights stand, such as state_dict; found by itself unless given"),
      accuracy.option, normalization,
    ]
  static let normalization = OptionDescription(
    "normalization", .described("a name, or m,m,m/s,s,s"),
    "of the pixels that a teacher's file was trained on: imagenet, cifar10, cifar100, half, none, or means and "
      + "deviations; what the file says, else the data's, unless given")
  static let teacherEpochs = OptionKey.integer(
    "epochs", 1...10_000, "passes over the data; training.epochs unless given")
  static let term = [OptionDescription("method", .described("a name"), "the method; required"), weight.option]

  static let weight = OptionKey.number("weight", 0...1e6, default: 1, "factor in the sum")
  static let labels = CatalogEntry("labels", "cross-entropy with the labels", options: [weight.option])
  static let schedule = OptionKey.choice("schedule", default: StudentRecipe.Schedule.joint, "order of the terms")
  static let accuracy = OptionKey.number(
    "accuracy", 0...1,
    "least accuracy of a teacher's checkpoint on the development split, a share; 0 takes one at chance")
  static let classifierEpochs = OptionKey.integer(
    "classifier-epochs", 1...10_000,
    "epochs of a two-stage student's second stage; two thirds of training.epochs unless given")
  static let budget = OptionKey.choice(
    "budget", default: StudentRecipe.Budget.joint,
    "what training.epochs counts: joint, or total, with the methods' stages that train the student")
  static let teacherView = OptionKey.choice(
    "teacher-view", default: TeacherView.same,
    "how the teacher sees an image that the student sees augmented: just so, clean, or augmented by draws of its own")
  static let omit = OptionKey.texts(
    "omit",
    "classes, by name or number from 0, of which the student is shown no training image; none unless given")
  static let apart = OptionKey.flag(
    "apart", default: false,
    "whether it has first weights and batches of its own: an assistant of the students' model that learns from labels is the "
      + "baseline to the bit, unless it is apart")
  static let measure = OptionKey.texts(
    "measure", "layers at which the student is measured; all of analysis.layers unless given")
  static let lesson = OptionDescription(
    "teacher", .described("a name, or a section"),
    "the one of teachers, assistants or students that teaches, also { by: NAME, epoch: N }; the recipe's teacher at its end "
      + "unless given")
  static let lessonKeys = CatalogEntry(
    "teacher", "who teaches",
    options: [lessonBy.option, lessonEpoch.option])
  static let lessonBy = OptionKey.text(
    "by", "name of a teacher, assistant or student; the recipe's teacher unless given")
  static let lessonEpoch = OptionKey.number("epoch", 0...10_000, "of whose weights; the last one unless given")

  /// Folder names that a run needs for itself.
  static let reservedNames = [RoleName.teacher, RoleName.baseline, "state", "untrained"]
}
