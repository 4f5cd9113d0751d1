import ArgumentParser

/// `kdscope completions`.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print a shell's completion script for commands, options and names.",
    discussion: """
      bash: kdscope completions bash > ~/.local/share/bash-completion/completions/kdscope
      zsh:  kdscope completions zsh > a folder of $fpath/_kdscope
      fish: kdscope completions fish > ~/.config/fish/completions/kdscope.fish
      """)

  /// The shells for which there is a script.
  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() throws {
    let script =
      switch shell {
      case .bash: KDScope.completionScript(for: .bash)
      case .zsh: KDScope.completionScript(for: .zsh)
      case .fish: KDScope.completionScript(for: .fish)
      }
    try Output.write(script.last == "\n" ? script : script + "\n")
  }
}
