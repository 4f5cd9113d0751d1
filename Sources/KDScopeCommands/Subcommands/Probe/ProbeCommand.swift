import ArgumentParser
import Experiments
import Foundation

/// `kdscope probe`.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Ask checkpoints one question.",
    subcommands: [
      SummaryProbe.self, LayersProbe.self, PredictProbe.self, LogitsProbe.self, FeaturesProbe.self, AccuracyProbe.self,
      CompareProbe.self, LinearProbe.self, EntropyProbe.self, ConceptsProbe.self,
    ])
}

/// Which checkpoints are asked.
struct CheckpointArguments: ParsableArguments {
  @Argument(help: "Checkpoints.", completion: .file())
  var checkpoints: [String]

  @Option(name: .long, help: "Name of the network, where the file does not give it. (default: the file's)")
  var model: String?

  var urls: [URL] { checkpoints.map { URL(fileURLWithPath: $0) } }
}
