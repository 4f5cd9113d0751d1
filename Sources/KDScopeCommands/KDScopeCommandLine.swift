import ArgumentParser
import Glibc
import Support
import Tensors

/// The whole command line. A program of one's own that adds networks, methods, data or measurements to the catalogues and
/// then calls ``run()`` has all commands of `kdscope` for them.
public enum KDScopeCommandLine {
  /// Runs the command that the process was started with, and ends it: exit code 0 done, 1 the work failed, 2 the input is
  /// wrong, 130 interrupted.
  public static func run() -> Never {
    ProgramName.take(from: CommandLine.arguments.first ?? "")
    Interrupt.catchSignals()
    exit(KDScope.run(Array(CommandLine.arguments.dropFirst())))
  }
}

/// The command line: parse, call a library, print.
struct KDScope: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: programName,
    abstract: "Knowledge distillation: train, measure what networks know, report.",
    discussion: """
      Results go to standard output, everything else to standard error. With --json standard output holds exactly one \
      JSON document. Exit codes: 0 done; 1 the work failed; 2 the input is wrong; 130 interrupted.
      """,
    version: programVersion,
    subcommands: [
      RunCommand.self, CompareCommand.self, TrainCommand.self, AnalyzeCommand.self, ReportCommand.self,
      ProbeCommand.self,
      LossCommand.self, DiffCommand.self, ConvertCommand.self, PlotCommand.self, RunsCommand.self, RecipeCommand.self,
      LessonCommand.self,
      ModelsCommand.self, DatasetsCommand.self, MethodsCommand.self, BenchCommand.self, CompletionsCommand.self,
    ])

  /// Runs one command line and reports its failure.
  ///
  /// - Returns: the exit code: 0, 1, 2 or 130.
  static func run(_ arguments: [String]) -> Int32 {
    var command: any ParsableCommand
    do {
      try refuseUnknownCommand(in: arguments, of: self)
      command = try parseAsRoot(arguments)
    } catch {
      guard exitCode(for: error).isSuccess else { return fail(parsingFailure(error, arguments)) }
      return answer(fullMessage(for: error))
    }
    capThreads()
    do {
      if let reader = command as? any CheckpointReading {
        try reader.reading.apply { try command.run() }
      } else {
        try command.run()
      }
      return 0
    } catch let code as ExitCode {
      // An answer such as "different", which has been printed.
      return code.rawValue
    } catch {
      guard exitCode(for: error).isSuccess else { return fail(failure(error)) }
      return answer(fullMessage(for: error))
    }
  }

  /// `OMP_NUM_THREADS` may have been set for another machine, or another program.
  private static func capThreads() {
    guard Threads.count > Threads.available else { return }
    Output.writeError(
      "\(programName): OMP_NUM_THREADS is \(Threads.count), and this machine has \(Threads.availableText): as many threads "
        + "are used\n")
    Threads.use(Threads.available)
  }

  /// Prints what is asked for instead of work: help, version, completion script.
  private static func answer(_ text: String) -> Int32 {
    do {
      try Output.write(text.last == "\n" ? text : text + "\n")
      return 0
    } catch {
      return fail(failure(error))
    }
  }

  private static func fail(_ failure: (line: String, code: Int32)) -> Int32 {
    Output.writeError("\(programName): \(failure.line)\n")
    return failure.code
  }
}
