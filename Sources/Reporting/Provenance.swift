/// Where the numbers of a report come from: enough to make them again, and to judge its times.
public struct Provenance: Sendable, Equatable, Codable {
  /// A part of the work and how long it took.
  public struct Stage: Sendable, Equatable, Codable {
    /// What was done.
    public let name: String
    /// Wall-clock time, seconds.
    public let seconds: Double

    /// - Parameters:
    ///   - name: what was done.
    ///   - seconds: wall-clock time.
    public init(_ name: String, seconds: Double) {
      self.name = name
      self.seconds = seconds
    }
  }

  /// Version of the program.
  public var version: String
  /// SHA-256 of the recipe, 64 hexadecimal digits.
  public var recipeHash: String
  /// Training seeds.
  public var seeds: [UInt64]
  /// Threads of the compute pool; bit-identical numbers need the same.
  public var threads: Int
  /// The machine.
  public var machine: Machine
  /// The stages, in order.
  public var stages: [Stage]
  /// Command lines that make the report again, in order.
  public var commands: [String]

  /// - Parameters:
  ///   - version: of the program.
  ///   - recipeHash: SHA-256 of the recipe, in hexadecimal digits.
  ///   - seeds: training seeds.
  ///   - threads: of the compute pool.
  ///   - machine: this one, as a rule.
  ///   - stages: in order, with their times.
  ///   - commands: that make the report again.
  public init(
    version: String, recipeHash: String, seeds: [UInt64], threads: Int, machine: Machine = .current, stages: [Stage],
    commands: [String]
  ) {
    self.version = version
    self.recipeHash = recipeHash
    self.seeds = seeds
    self.threads = threads
    self.machine = machine
    self.stages = stages
    self.commands = commands
  }

  /// The section of a report: facts, time per stage, commands.
  public var blocks: [Block] {
    var facts = ReportTable([.init("What"), .init("Value")])
    facts.append(["KDScope", MarkdownText(plain: version)])
    facts.append(["Recipe (SHA-256)", MarkdownText(code: recipeHash)])
    facts.append(["Seeds", MarkdownText(plain: seeds.map(String.init).joined(separator: ", "))])
    facts.append(["Threads", MarkdownText(plain: "\(threads)")])
    facts.append(["Processor", MarkdownText(plain: "\(machine.processor), \(machine.cores) logical cores")])
    facts.append(["Memory", MarkdownText(plain: machine.memoryBytes.map(NumberFormat.bytes) ?? "unknown")])
    facts.append(["Operating system", MarkdownText(plain: machine.operatingSystem)])
    var blocks: [Block] = [.heading(2, "Provenance"), .table(facts)]
    if !stages.isEmpty {
      var times = ReportTable([.init("Stage"), .init("Time", .right)])
      for stage in stages {
        times.append(["\(stage.name)", "\(NumberFormat.duration(seconds: stage.seconds))"])
      }
      let total = stages.reduce(0) { $0 + $1.seconds }
      times.append(["**all**", "**\(NumberFormat.duration(seconds: total))**"])
      blocks.append(.table(times))
    }
    if !commands.isEmpty {
      blocks.append(.paragraph("To make it again:"))
      blocks.append(.code(commands.joined(separator: "\n"), language: "sh"))
    }
    return blocks
  }
}
