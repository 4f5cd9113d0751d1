import ArgumentParser

/// The benchmarks beside PyTorch: one process drives, each measurement runs in a process of its own.
@main
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Time KDScope beside PyTorch and beside the libraries that it stands on.",
    subcommands: [TableCommand.self, WorkCommand.self], defaultSubcommand: TableCommand.self)
}
