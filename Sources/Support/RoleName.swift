/// Names of the networks that a run has beside its students: those of their folders, and of their rows in all tables.
public enum RoleName {
  /// The network that is learned from.
  public static let teacher = "teacher"
  /// The students' network, trained on labels alone.
  public static let baseline = "baseline"
}
