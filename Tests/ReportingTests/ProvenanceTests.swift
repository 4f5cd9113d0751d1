import Foundation
import Reporting
import Testing

@Suite("Provenance")
struct ProvenanceTests {
  @Test("names recipe, seeds, machine, times and commands")
  func section() throws {
    let machine = Machine(
      cpuInfo: "processor\t: 0\nmodel name\t: AMD EPYC|7 *\nprocessor\t: 1\nmodel name\t: other\n",
      memInfo: "MemTotal:       24536676 kB\nMemFree: 1 kB\n",
      osRelease: "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n", kernel: "Linux 6.1.0",
      architecture: "x86_64", cores: 2)
    let provenance = Provenance(
      version: "0.1.0", recipeHash: "abc123", seeds: [1, 2, 3], threads: 2, machine: machine,
      stages: [.init("train", seconds: 75), .init("measure", seconds: 5.25)],
      commands: ["./scripts/setup", "kdscope run garments.yaml --seed 1"])
    let markdown = Report(title: "T", blocks: provenance.blocks).markdown
    let expected = [
      "## Provenance", "| KDScope          | 0.1.0 ", "| `abc123` ", "| 1, 2, 3 ", "AMD EPYC\\|7 \\*, 2 logical cores",
      "| 23.4 GiB ", "| Debian GNU/Linux 12 (bookworm), Linux 6.1.0 ", " 1 min 15 s |", " 5.2 s |",
      "| **1 min 20 s** |", "```sh\n./scripts/setup\nkdscope run garments.yaml --seed 1\n```",
    ]
    for text in expected { #expect(markdown.contains(text), "\(text)") }
    let data = try JSONEncoder().encode(provenance)
    #expect(try JSONDecoder().decode(Provenance.self, from: data) == provenance)
  }

  @Test("of a plan counts only what leaves too few processors, by what runs just now")
  func busy() {
    let idle = ["2.91 1.20 0.12 1/80 11206", "2.91 1.20 0.12 4/80 11206"]
    #expect(Machine.taken(idle, leaving: 2, of: 2) == nil, "a build that has ended, and one thread that ran by chance")
    #expect(Machine.taken(["0.20 0.18 0.12 2/80 11206"], leaving: 2, of: 2) == 1)
    #expect(Machine.taken(["0.20 0.18 0.12 2/80 11206"], leaving: 1, of: 2) == nil)
    #expect(Machine.taken(["0.20 0.18 0.12 4/80 11206", "", "0 0 0 3/80 1"], leaving: 1, of: 2) == 2)
    #expect(Machine.taken(["", "a b"], leaving: 2, of: 2) == nil, "a system that does not say")
  }

  @Test("says what it does not know where a system tells less")
  func silent() {
    let machine = Machine(
      cpuInfo: "", memInfo: "MemTotal: 99999999999999999999999 kB", osRelease: "", kernel: "", architecture: "aarch64",
      cores: 1)
    #expect(machine.processor == "aarch64" && machine.memoryBytes == nil && machine.operatingSystem.isEmpty)
  }

  @Test("knows this machine")
  func current() throws {
    let machine = Machine.current
    #expect(machine.cores >= 1 && !machine.processor.isEmpty && machine.operatingSystem.contains("Linux"))
    #expect(try #require(machine.memoryBytes) > 1 << 28)
  }
}
