import Foundation
import Testing

@Suite("Answers about recipes")
struct MannersTests {
  private func recipe(_ arguments: [String]) throws -> String {
    let outcome = try Program.run(
      ["recipe", "--check", "r.yaml", "--json"] + arguments, files: ["r.yaml": Program.recipe])
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    return outcome.output
  }

  @Test(
    "take seeds as a number or as a list",
    arguments: [
      (["--seeds", "2"], "[1, 2]"), (["--seeds", "5,6"], "[5, 6]"), (["--seeds", "[9, 3]"], "[9, 3]"),
      (["--seeds", "[7]"], "[7]"), (["--seed", "4"], "[4]"), (["--seed", "4", "--seeds", "3"], "[4, 5, 6]"),
    ])
  func seeds(_ arguments: [String], _ expected: String) throws {
    #expect(try recipe(arguments).contains("\"seeds\": \(expected)"))
  }

  @Test("take as many seeds as may be asked for")
  func manySeeds() throws {
    #expect(try recipe(["--seeds", "1000", "--seed", "900000"]).contains("900998, 900999]"))
  }

  @Test("list every key with what it takes, and say where the others are told")
  func keys() throws {
    let text = try Program.run(["recipe", "--keys"]).output
    #expect(text.hasPrefix("a recipe: "))
    #expect(
      text.contains(#/\ntraining: .*\n  epochs +a whole number from 1 to 10000 +default 30 +passes over the data\n/#))
    #expect(text.contains(#/\n  procedure +one of fixed-distortion, published, both +default fixed-distortion /#))
    #expect(text.contains("kdscope methods show METHOD") && text.contains("kdscope models show MODEL"))
    let json = try Program.run(["recipe", "--keys", "--json"]).output
    let document = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let sections = try #require(document["sections"] as? [[String: Any]])
    #expect(sections.compactMap { $0["path"] as? String }.contains("analysis.published"))
  }

  @Test("warn once of a machine's variable that asks for more threads than there are processors")
  func threadVariable() throws {
    let outcome = try Program.run(["models"], environment: ["OMP_NUM_THREADS": "999"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.messages.hasPrefix("kdscope: OMP_NUM_THREADS is 999, and this machine has "))
    #expect(outcome.messages.count { $0 == "\n" } == 1)
  }

  @Test("refuse a recipe's threads that this machine does not have, before any work")
  func recipeThreads() throws {
    let outcome = try Program.run(
      ["run", "r.yaml", "--set", "threads=1000"], files: ["r.yaml": Program.recipe])
    #expect(outcome.exitCode == 2)
    #expect(outcome.messages.contains("kdscope: threads: is 1000, and this machine has "))
  }
}
