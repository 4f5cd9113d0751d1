import Glibc

/// Resident memory of this process, as the kernel counts it.
public enum ResidentMemory {
  /// Bytes that are resident now.
  public static var current: Int { bytes(of: "VmRSS:") }

  /// The most bytes that ever were.
  public static var peak: Int { bytes(of: "VmHWM:") }

  private static func bytes(of key: String) -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix(key) else { continue }
      let digits = text.filter(\.isNumber)
      return (Int(digits) ?? 0) * 1024
    }
    return 0
  }
}
