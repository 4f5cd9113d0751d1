import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// The machine that something ran on, as far as a reader needs it to judge times and reproduce numbers.
public struct Machine: Sendable, Equatable, Codable {
  /// Model name of the processor, or its architecture where the system does not tell.
  public let processor: String
  /// Logical cores that the program may use.
  public let cores: Int
  /// Installed memory; nil where the system does not tell.
  public let memoryBytes: UInt64?
  /// The operating system: distribution and kernel.
  public let operatingSystem: String

  /// This machine.
  public static var current: Machine {
    var system = utsname()
    let known = uname(&system) == 0
    return Machine(
      cpuInfo: text("/proc/cpuinfo"), memInfo: text("/proc/meminfo"), osRelease: text("/etc/os-release"),
      kernel: known ? "\(field(&system.sysname)) \(field(&system.release))" : "",
      architecture: known ? field(&system.machine) : "", cores: ProcessInfo.processInfo.activeProcessorCount)
  }

  /// File names of the libraries in this process that decide how numbers are rounded, with their versions.
  public static var libraries: [String] {
    // Such a file has no length, and is longer than what is read at once.
    let maps = (try? FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd()) ?? Data()
    let names = String(decoding: maps, as: UTF8.self).split(separator: "\n").compactMap {
      $0.split(separator: "/").last
    }
    let known = names.filter { name in ["libdnnl", "libopenblas", "libm.", "libm-"].contains { name.hasPrefix($0) } }
    return Set(known.map(String.init)).sorted()
  }

  /// A machine from what its system says of itself.
  ///
  /// - Parameters:
  ///   - cpuInfo: text of `/proc/cpuinfo`.
  ///   - memInfo: text of `/proc/meminfo`.
  ///   - osRelease: text of `/etc/os-release`.
  ///   - kernel: name and release.
  ///   - architecture: stands for the processor where it has no model name.
  ///   - cores: logical cores that the program may use.
  package init(cpuInfo: String, memInfo: String, osRelease: String, kernel: String, architecture: String, cores: Int) {
    let unnamed = architecture.isEmpty ? "unknown processor" : architecture
    processor = Self.value(of: "model name", in: cpuInfo, after: ":") ?? unnamed
    let kibibytes = Self.value(of: "MemTotal", in: memInfo, after: ":")
      .flatMap { UInt64($0.prefix { $0.isNumber }) }
    memoryBytes = kibibytes.flatMap {
      let (bytes, overflow) = $0.multipliedReportingOverflow(by: 1024)
      return overflow ? nil : bytes
    }
    let distribution = Self.value(of: "PRETTY_NAME", in: osRelease, after: "=")?
      .trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
    operatingSystem = [distribution ?? "", kernel].filter { !$0.isEmpty }.joined(separator: ", ")
    self.cores = cores
  }

  private static func value(of key: String, in text: String, after mark: Character) -> String? {
    for line in text.split(separator: "\n") {
      guard let end = line.firstIndex(of: mark) else { continue }
      guard line[..<end].trimmingCharacters(in: .whitespaces) == key else { continue }
      let value = line[line.index(after: end)...].trimmingCharacters(in: .whitespaces)
      return value.isEmpty ? nil : value
    }
    return nil
  }

  static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

  /// A field of the C structure, which the importer gives as a tuple of characters.
  private static func field<Characters>(_ characters: inout Characters) -> String {
    withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
