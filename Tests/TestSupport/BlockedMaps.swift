import Foundation

/// Whether oneDNN has Winograd kernels here, which leave maps in blocks of channels: they need AVX-512.
public let hasBlockedMaps: Bool = {
  let facts = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
  return facts?.contains("avx512f") ?? false
}()
