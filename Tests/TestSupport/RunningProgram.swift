import Foundation
import Glibc

/// A program that was started by a test; output goes to files, so that no full pipe can stop it.
public final class RunningProgram {
  /// It could not be started.
  public struct StartFailed: Error {
    /// What the system says.
    public let code: Int32
  }

  /// Process number, for signals.
  public let identifier: pid_t
  private let output: URL
  private let errors: URL
  private var code: Int32?

  init(_ program: URL, _ arguments: [String], in folder: URL?, environment: [String: String]) throws {
    let base = FileManager.default.temporaryDirectory.appendingPathComponent("kdscope-run-\(UUID().uuidString)")
    output = base.appendingPathExtension("out")
    errors = base.appendingPathExtension("err")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.path, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.path, O_WRONLY | O_CREAT, 0o600)
    // A thread of the tests may block signals; the program must start without that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // Whoever runs the tests in the background may have them ignored; the program would go on ignoring them.
    var usual = sigset_t()
    sigemptyset(&usual)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ] {
      sigaddset(&usual, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
    // Glibc hides its own way to change the folder from Swift; env replaces itself by the program.
    let line = (folder.map { ["/usr/bin/env", "-C", $0.path] } ?? []) + [program.path] + arguments
    var process: pid_t = 0
    let status = withCStrings(line) { words in
      withCStrings(variables) { posix_spawn(&process, line[0], &actions, &attributes, words, $0) }
    }
    identifier = process
    guard status == 0 else { throw StartFailed(code: status) }
  }

  deinit {
    if code == nil {
      kill(identifier, SIGKILL)
      var status: Int32 = 0
      waitpid(identifier, &status, 0)
    }
    try? FileManager.default.removeItem(at: output)
    try? FileManager.default.removeItem(at: errors)
  }

  /// Sends a signal, such as SIGINT or SIGKILL.
  public func send(_ signal: Int32) { if code == nil { kill(identifier, signal) } }

  /// Whether it has ended by itself.
  public var hasEnded: Bool {
    if code == nil { collect() }
    return code != nil
  }

  /// Waits until something holds, the program has ended, or `timeout` seconds have passed.
  ///
  /// - Returns: whether it held.
  @discardableResult
  public func wait(until holds: () -> Bool, timeout: Double = 60) -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(timeout)
    while clock.now < deadline {
      if holds() { return true }
      if hasEnded { return holds() }
      usleep(200)
    }
    return false
  }

  /// Takes the exit code, if there is one yet.
  private func collect() {
    var status: Int32 = 0
    guard waitpid(identifier, &status, WNOHANG) == identifier else { return }
    let signal = status & 0x7F
    code = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  /// What it wrote to standard error so far.
  public var errorsSoFar: String { text(errors) }

  /// Waits for the end; after `timeout` seconds the program is killed.
  public func wait(timeout: Double = 60) -> CommandLineTool.Result {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(timeout)
    while code == nil {
      collect()
      guard code == nil else { break }
      if clock.now > deadline { kill(identifier, SIGKILL) }
      usleep(2000)
    }
    return CommandLineTool.Result(output: text(output), errors: text(errors), code: code ?? -1)
  }

  private func text(_ file: URL) -> String {
    (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// A C array of strings that ends with nil, alive during `body`.
private func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}
