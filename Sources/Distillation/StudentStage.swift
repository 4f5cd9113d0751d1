/// How long the stage of a method is in which the student learns before the joint training, where a budget is shared.
public struct StudentStage: Sendable {
  /// The method's option that says it.
  public let option: String
  /// Epochs of joint training behind the option's default where that default is from: 240 in RepDistiller, whose first
  /// stages take 30 more.
  public let jointEpochs: Int

  /// - Parameters: as the properties.
  public init(_ option: String, jointEpochs: Int = 240) {
    self.option = option
    self.jointEpochs = jointEpochs
  }

  /// The stage's length inside of a budget: the same share of it as where its default is from, 30 of 270.
  ///
  /// - Parameters:
  ///   - budget: epochs of stage and joint training together.
  ///   - usual: the option's default.
  /// - Returns: at least 1.
  public func epochs(of budget: Int, usual: Int) -> Int {
    max(1, Int((Double(budget * usual) / Double(usual + jointEpochs)).rounded()))
  }
}
