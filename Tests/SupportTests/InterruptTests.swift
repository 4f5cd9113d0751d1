import Foundation
import Support
import Testing

@Suite("An interrupt")
struct InterruptTests {
  @Test("is seen at the next check", arguments: [SIGINT, SIGTERM])
  func seen(_ signal: Int32) async {
    await #expect(processExitsWith: .exitCode(7)) { [signal] in
      Interrupt.watch()
      try Interrupt.check()
      // To the process: the thread that a test runs on may block signals.
      kill(getpid(), signal)
      for _ in 0..<1000 {
        do { try Interrupt.check() } catch is Interrupted { exit(7) }
        usleep(2000)
      }
    }
  }

  @Test("that comes twice ends the program at once")
  func twice() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Interrupt.watch()
      for _ in 0..<2 {
        kill(getpid(), SIGINT)
        usleep(300_000)
      }
    }
  }
}
