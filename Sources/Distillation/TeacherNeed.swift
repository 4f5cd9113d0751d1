/// What a method wants of a teacher.
public enum TeacherNeed: Sendable {
  /// Nothing at all.
  case nothing
  /// Its architecture, for a network that learns anew.
  case model
  /// What it says to the images.
  case answers
}
