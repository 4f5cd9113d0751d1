import Models
import NeuralNetworks
import Support

/// What a method is told when it is made: the networks that it will teach and learn from.
public struct MethodSetup {
  /// The network that learns.
  public let student: any Network
  /// The frozen network that teaches; the student itself where nobody does.
  public let teacher: any Network
  /// Gives initial values to trainable parts of the method.
  public let initialiser: Initialiser
  /// Class of each image of the training split.
  public let trainingLabels: [Int]
  /// Images of the training split.
  public let trainingCount: Int
  /// Images of a whole step.
  public let batchSize: Int
  /// Where the method stands in the recipe, for error lines.
  public let place: String
  /// Reads a further network from a checkpoint: frozen, of the student's classes and input.
  public let readNetwork: (String) throws -> any Network

  /// - Parameters:
  ///   - student: the network that learns.
  ///   - teacher: the frozen network that teaches.
  ///   - initialiser: gives initial values to trainable parts.
  ///   - trainingLabels: class of each image of the training split; none where samples have no class of their own.
  ///   - trainingCount: images of the training split; nil for as many as labels.
  ///   - batchSize: images of a whole step.
  ///   - place: where the method stands in the recipe.
  ///   - readNetwork: reads a further network from a checkpoint.
  public init(
    student: any Network, teacher: any Network, initialiser: Initialiser, trainingLabels: [Int],
    trainingCount: Int? = nil, batchSize: Int, place: String,
    readNetwork: @escaping (String) throws -> any Network = {
      throw InputError($0, "no further networks can be read here", remedy: "give MethodSetup a readNetwork")
    }
  ) {
    self.student = student
    self.teacher = teacher
    self.initialiser = initialiser
    self.trainingLabels = trainingLabels
    self.trainingCount = trainingCount ?? trainingLabels.count
    self.batchSize = batchSize
    self.place = place
    self.readNetwork = readNetwork
  }
}
