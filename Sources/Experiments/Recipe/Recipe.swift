import Analysis
import Distillation
import Support
import Training

/// What an experiment does, with every default filled in: data, teacher, students, training, measurements, seeds.
///
/// A recipe that exists is valid: it is only made by reading (``read(from:vocabulary:overrides:quick:)``), which refuses
/// what cannot run. The baseline is the student's network trained on labels alone; it is always there and not listed.
public struct Recipe: Codable, Sendable, Equatable {
  /// Name of the run's folders; letters, digits, `-`, `_` and `.`.
  public var name: String
  /// The data set.
  public var data: DataRecipe
  /// The network that is learned from; nil where the recipe has none, because no method asks one.
  public var teacher: TeacherRecipe?
  /// Further networks that teach, by name: trained once on labels alone, or read from a file.
  public var teachers: [NamedTeacher] = []
  /// The network of the baseline and of every student.
  public var student: ModelRecipe
  /// The ways of distilling that are compared, in the order in which they were written; at least one.
  public var students: [StudentRecipe]
  /// Networks of other models that are trained like students, to teach some of these.
  public var assistants: [StudentRecipe] = []
  /// How every network is trained.
  public var training: TrainingSettings
  /// What is measured afterwards.
  public var analysis: AnalysisRecipe
  /// One whole repetition of the experiment for each.
  public var seeds: [Int]
  /// Processors to use; nil for all of the machine. Decides bit-identity.
  public var threads: Int?
}

/// A data set with its options.
public struct DataRecipe: Codable, Sendable, Equatable {
  /// Name in the catalogue.
  public var set: String
  /// Its options, checked.
  public var options: Options
}

/// A network with its options.
public struct ModelRecipe: Codable, Sendable, Equatable {
  /// Name in the catalogue.
  public var name: String
  /// Its options, checked.
  public var options: Options
}

/// The network that is learned from.
public struct TeacherRecipe: Codable, Sendable, Equatable {
  /// The network.
  public var model: ModelRecipe
  /// Epochs of its training; 0 for one that is read from a checkpoint.
  public var epochs: Int
  /// A finished teacher, relative to the working directory; nil to train one.
  public var checkpoint: String?
  /// Where in a PyTorch file the weights stand; nil to look for them.
  public var key: String?
  /// Least accuracy on the development split that a teacher from a checkpoint is said to have, in [0, 1]; nil for what
  /// the file says.
  public var accuracy: Double?
  /// How the pixels of its training were normalised, as ``Normalization/spelling`` says; nil for what its file says,
  /// else for the data's.
  public var normalization: String?
}

/// A network beside the recipe's teacher that teaches.
public struct NamedTeacher: Codable, Sendable, Equatable {
  /// Name of its folder, and what students call it by.
  public var name: String
  /// What it is.
  public var teacher: TeacherRecipe
}

/// One way of distilling.
public struct StudentRecipe: Codable, Sendable, Equatable {
  /// In which order the terms act.
  public enum Schedule: String, OptionChoice, Codable {
    /// All terms at once, in one sum.
    case joint
    /// The layers up to the distilled one by the terms alone, then those behind it by labels alone.
    case twoStage = "two-stage"
  }

  /// Name of its folder and of its lines in figures.
  public var name: String
  /// Weight of the cross-entropy with the labels.
  public var labelWeight: Double
  /// In which order the terms act.
  public var schedule: Schedule
  /// Epochs of the second stage, behind `training.epochs` of the first; 0 without one.
  public var classifierEpochs: Int
  /// What `training.epochs` counts.
  public var budget: Budget
  /// The stages that its methods have before the joint training, in order.
  public var stages: [Stage]
  /// How often it sees each image in an epoch.
  public var views: Int
  /// The layers at which the student is measured; empty for all of `analysis.layers`.
  public var measuredLayers: [String]
  /// What is learned from the teacher: a weighted sum, at least one term.
  public var terms: [TermRecipe]
  /// Of an assistant: what it is; nil for the recipe's student.
  public var model: ModelRecipe? = nil
  /// Who teaches it; nil for the recipe's teacher at its end.
  public var lesson: Lesson? = nil
  /// Of an assistant: whether it begins with other weights than the students of its seed, and sees other batches.
  public var isApart = false
  /// How its teacher sees the images that it sees augmented.
  public var teacherView = TeacherView.same
  /// Names, or numbers from 0, of classes of which it is shown no training image.
  public var omitted: [String] = []

  /// A network of the same run that teaches.
  public struct Lesson: Codable, Sendable, Equatable {
    /// Name of the assistant or student, that of the same seed; nil for the recipe's teacher.
    public var by: String?
    /// The moment of its training from which its weights are; nil for the end.
    public var epoch: Moment?
  }
}

extension Recipe {
  /// Everything that is taught: assistants, then students.
  package var taught: [StudentRecipe] { assistants + students }

  /// The assistant or student of a name; nil for the teacher and the baseline.
  func taught(_ role: String) -> StudentRecipe? { taught.first { $0.name == role } }

  /// Whether anybody asks the recipe's teacher: where nobody does, it is neither trained nor read, and reports are
  /// without it.
  public var asksTeacher: Bool { teacher != nil && taught.contains(where: asksRecipesTeacher) }

  /// Whether a network learns from the answers of the recipe's teacher.
  func asksRecipesTeacher(_ learner: StudentRecipe) -> Bool {
    teacher != nil && learner.lesson?.by == nil
      && learner.terms.contains { MethodRegistry.teacherNeed($0.method) == .answers }
  }

  /// Whether the run trains its teacher.
  var trainsTeacher: Bool { asksTeacher && teacher?.checkpoint == nil }

  /// The file from which the teacher is read; nil for one that is trained, or that nobody asks.
  var teacherPath: String? { asksTeacher ? teacher?.checkpoint : nil }

  /// A teacher by name: `teacher` is the recipe's; nil for any other network.
  func teacher(named name: String) -> TeacherRecipe? {
    name == RoleName.teacher ? teacher : teachers.first { $0.name == name }?.teacher
  }

  /// Networks that are trained once for all seeds, on labels alone, and their epochs: teachers that somebody asks.
  var sharedTrainings: [(role: String, epochs: Int)] {
    (trainsTeacher ? [(RoleName.teacher, teacherEpochs)] : [])
      + teachers.filter { $0.teacher.checkpoint == nil }.map { ($0.name, $0.teacher.epochs) }
  }

  /// Epochs of the teacher's training; 0 for one that is not trained here.
  var teacherEpochs: Int { teacher?.epochs ?? 0 }

  /// What a network is.
  func model(of role: String) -> ModelRecipe {
    teacher(named: role)?.model ?? taught(role)?.model ?? student
  }

  /// Names of the assistants and students that a network learns from, whoever teaches before whom he teaches.
  func chain(to role: String) -> [String] {
    var (chain, seen) = ([String](), Set([role]))
    func visit(_ name: String) {
      for next in taught(name)?.teacherNames ?? [] where taught(next) != nil && seen.insert(next).inserted {
        visit(next)
        chain.append(next)
      }
    }
    visit(role)
    return chain
  }

  /// Every network that is trained for each seed, whoever teaches before whom he teaches.
  var trainingOrder: [String] {
    taught.map(\.name).reduce(into: [RoleName.baseline]) { order, role in
      order += (chain(to: role) + [role]).filter { !order.contains($0) }
    }
  }

  /// Epochs of a network whose weights teach others.
  func teachingEpochs(of role: String) -> Set<Int> {
    Set(
      taught.compactMap(\.lesson).filter { ($0.by ?? RoleName.teacher) == role }
        .compactMap { $0.epoch.map(\.wholeEpoch) ?? lastEpoch(of: role) }
        + (taught.contains { $0.furtherTeachers.contains(role) } ? [lastEpoch(of: role)] : []))
  }
}

extension StudentRecipe {
  /// What its methods take as teachers beside the one that teaches it: names of networks of the run, or paths.
  var furtherTeachers: [String] { terms.flatMap { $0.options[SharedMethodOptions.furtherTeachers] } }

  /// Whoever teaches it beside the recipe's teacher: names, or paths.
  var teacherNames: [String] { [lesson?.by].compactMap(\.self) + furtherTeachers }
}

/// One term of a student's loss.
public struct TermRecipe: Codable, Sendable, Equatable {
  /// Name in the registry of methods.
  public var method: String
  /// Factor of the term in the sum.
  public var weight: Double
  /// The method's options, checked.
  public var options: Options
}

/// What is measured, and how.
public struct AnalysisRecipe: Codable, Sendable, Equatable {
  /// The ways of measuring the entropy.
  public enum Procedure: String, Codable, Sendable, CaseIterable {
    /// Every network at the same distortion of its feature.
    case fixedDistortion = "fixed-distortion"
    /// As the code of Cheng et al. (CVPR 2020) does it.
    case published
    /// One after the other, on the same images.
    case both
    /// Nothing is measured: `analysis: none`.
    case nothing = "none"

    /// Those that `analysis.procedure` takes.
    static let choices: [Procedure] = [.fixedDistortion, .published, .both]
  }

  /// What `analysis: none` stands for.
  static let nothing = AnalysisRecipe(
    layers: [], probeImages: 0, grid: 1, distortion: 1, thresholds: [], draws: 1, iterations: 1, procedure: .nothing,
    epochs: nil, position: nil, positionImages: 0,
    published: PublishedRecipe(candidates: 0, draws: 0, steps: 0, extraSteps: 0, validFrom: 0))
  /// The word for it in a recipe.
  static let noneWord = "none"

  /// Whether concepts are measured at all.
  public var measures: Bool { procedure != .nothing }

  /// Layers of the students' network whose features are measured.
  public var layers: [String]
  /// Development images that are measured.
  public var probeImages: Int
  /// Cells along each side of an entropy map.
  public var grid: Int
  /// τ: mean squared change of the feature over its variance in the data.
  public var distortion: Double
  /// Concept thresholds b in nats.
  public var thresholds: [Double]
  /// Noise draws in one iteration of the solver.
  public var draws: Int
  /// Iterations of the solver.
  public var iterations: Int
  /// How the entropy is measured.
  public var procedure: Procedure
  /// The moments whose checkpoints are measured, ascending, the training's end among them; nil for the default.
  public var epochs: [Moment]?
  /// How maps lose what a cell's place alone decides; nil for what the data set allows.
  public var position: PositionCorrection?
  /// Pictures without an object by which that is done.
  public var positionImages: Int
  /// Settings of the published procedure.
  public var published: PublishedRecipe
  /// What is asked beside concepts, in the order of the catalogue.
  public var further: [MeasurementRecipe] = []
}

/// What a recipe can change of the published procedure; the defaults are the paper's.
public struct PublishedRecipe: Codable, Sendable, Equatable {
  /// Development images that are asked; the first valid ones, up to `analysis.probe-images`, are used.
  public var candidates: Int
  /// Noise draws in one step.
  public var draws: Int
  /// Steps on every image.
  public var steps: Int
  /// Further steps on images that have not reached the mean entropy.
  public var extraSteps: Int
  /// Share of the training from which on a valid image must agree with the premise.
  public var validFrom: Double
}
