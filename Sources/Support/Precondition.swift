/// Stops the program with a message if a programmer's condition does not hold.
///
/// Takes the place of the standard library's function of this name wherever `Support` is imported: that one stops a
/// release build without a word, and a shape mismatch deep in a layer cannot be found from an illegal instruction.
public func precondition(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = String(), file: StaticString = #file,
  line: UInt = #line
) {
  guard condition() else { fatalError(message(), file: file, line: line) }
}

/// Stops the program with a message, in release builds too; see ``precondition(_:_:file:line:)``.
public func preconditionFailure(
  _ message: @autoclosure () -> String = String(), file: StaticString = #file, line: UInt = #line
) -> Never {
  fatalError(message(), file: file, line: line)
}
