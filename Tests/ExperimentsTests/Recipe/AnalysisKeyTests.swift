import Experiments
import Foundation
import Support
import TestSupport
import Testing

@Suite("The keys analysis: none and training.keep")
struct AnalysisKeyTests {
  private func recipe(_ overrides: [String]) throws -> Recipe {
    try Recipe.builtIn(vocabulary: .standard, overrides: overrides)
  }

  private func hash(_ overrides: [String]) throws -> String {
    Experiment(
      try recipe(overrides), root: URL(fileURLWithPath: "/nowhere"), progress: ProgressDisplay(isQuiet: true)
    ).trainingHash
  }

  @Test(
    "are written out and read again",
    arguments: [
      (["analysis=none"], "\nanalysis: none\n"), (["training.keep=measured"], "\n  keep: measured\n"),
      (["training.keep=last", "analysis=none"], "\n  keep: last\n"),
    ])
  func canonical(_ overrides: [String], _ line: String) throws {
    let recipe = try recipe(overrides)
    #expect(recipe.canonicalYAML.contains(line))
    #expect(try Recipe.read(yaml: recipe.canonicalYAML, at: "again", vocabulary: .standard) == recipe)
  }

  @Test("are not written where they are the default, so that older recipes keep their hash")
  func defaults() throws {
    let plain = try recipe([])
    #expect(!plain.canonicalYAML.contains("keep") && !plain.canonicalYAML.contains("none"))
    #expect(try recipe(["training.keep=all"]) == plain)
  }

  @Test("decide no weights")
  func hashes() throws {
    let hashes = try [
      [], ["analysis=none"], ["training.keep=measured"], ["training.keep=last", "analysis=none"],
    ].map(hash)
    #expect(Set(hashes).count == 1)
  }

  @Test("give way to a setting below analysis")
  func measuredAfterAll() throws {
    let recipe = try recipe(["analysis=none", "analysis.grid=8"])
    #expect(recipe.analysis.measures && recipe.analysis.grid == 8)
    #expect(recipe.analysis.layers == ["layer3"])
  }

  @Test(
    "are refused where they make no sense",
    arguments: [
      (["analysis=off"], "--set analysis: analysis is off; it takes a mapping, or none"),
      (["analysis=[]"], "--set analysis: analysis is a list"),
      (["analysis.procedure=none"], "--set analysis.procedure: "),
      (["training.keep=first"], "--set training.keep: "),
      (["training.keep=last"], "--set training.keep: keeps no epoch but the last, and analysis needs more"),
    ])
  func refusals(_ overrides: [String], _ line: String) {
    let error = #expect(throws: InputError.self) { try recipe(overrides) }
    #expect(error?.description.hasPrefix(line) == true, "\(String(describing: error))")
  }
}
