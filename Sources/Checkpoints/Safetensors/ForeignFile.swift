import Foundation
import Support

/// What a file is that stands where a safetensors file belongs, as far as its first bytes tell, and what to do then.
/// Pointers and pages of failed downloads are told where any file is opened, by ``FileBytes``.
enum ForeignFile {
  private static let conversion = "convert it: kdscope convert FILE NEW.safetensors"

  private static let expectation = "\(WeightArchive.meaning) is expected"

  private static let kinds: [(start: [UInt8], problem: String, remedy: String)] = [
    (
      // The magic number of torch.save before PyTorch 1.6, as a pickle has it.
      [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19],
      "is a PyTorch file of the old format, as torch.save wrote it before version 1.6", conversion
    ),
    (
      [0x93] + Array("NUMPY".utf8), "is a single array of NumPy (.npy)",
      "a file of named tensors is expected: safetensors, PyTorch or npz"
    ),
    ([0x89] + Array("HDF\r\n".utf8), "is an HDF5 file", "export the weights as safetensors"),
    (Array("GGUF".utf8), "is a GGUF file", "export the weights as safetensors"),
    ([0x1F, 0x8B], "is a gzip file", "unpack it first"),
    ([0xFD] + Array("7zXZ".utf8), "is an xz file", "unpack it first"),
    ([0x89] + Array("PNG".utf8), "is a picture (PNG)", "a checkpoint is expected here"),
    ([0xFF, 0xD8, 0xFF], "is a picture (JPEG)", "a checkpoint is expected here"),
    (Array("GIF8".utf8), "is a picture (GIF)", "a checkpoint is expected here"),
    (Array("%PDF".utf8), "is a PDF", "a checkpoint is expected here"),
    ([0x7F] + Array("ELF".utf8), "is a program", "a checkpoint is expected here"),
  ]

  /// The error for a file that could not be read as safetensors; nil where its first bytes do not tell what it is.
  static func error(_ data: Data, path: String) -> InputError? {
    let start = Array(data.prefix(512))
    guard !start.isEmpty else {
      return InputError(path, "is empty", remedy: "the copy or download of it failed: fetch it again")
    }
    if let kind = kinds.first(where: { start.starts(with: $0.start) }) {
      return InputError(path, kind.problem, remedy: kind.remedy)
    }
    if start.starts(with: [0x50, 0x4B, 3, 4]) { return zip(data.prefix(4096), path) }
    if start.starts(with: [0x50, 0x4B, 5, 6]) {
      return InputError(path, "is an empty zip archive: there are no arrays in it", remedy: expectation)
    }
    // A header's length may begin so too; a brace follows it.
    let isHeader = start.count > 8 && start[8] == UInt8(ascii: "{")
    if start[0] == 0x80, start.count > 1, (2...5).contains(start[1]), !isHeader {
      return InputError(
        path, "is a Python pickle", remedy: "save a model's weights by torch.save(model.state_dict(), FILE)")
    }
    if start.dropFirst(257).starts(with: "ustar".utf8) {
      return InputError(
        path, "is a tar archive",
        remedy: "unpack it; if it is a PyTorch file from before 0.1.10, load and save it again in PyTorch")
    }
    // A download that reserved its place and did not go on.
    if start.count >= 16, data.prefix(4096).allSatisfy({ $0 == 0 }) {
      return InputError(path, "begins with nothing but zeros", remedy: "its download did not come to its end: fetch it")
    }
    return text(start, path)
  }

  private static func zip(_ start: Data, _ path: String) -> InputError {
    // The first entry's name lies 30 bytes behind the start.
    let name = String(decoding: start.dropFirst(30).prefix(200), as: UTF8.self)
    if name.contains("data.pkl") || name.contains("constants.pkl") || name.contains("/code/") {
      return InputError(
        path, "is a PyTorch file (a zip archive with a pickle in it, as torch.save writes it)", remedy: conversion)
    }
    if name.contains(".npy") {
      return InputError(path, "is an archive of NumPy arrays (.npz)", remedy: conversion)
    }
    // torch.export and AOTInductor: the weights lie there under numbers, their names in a program beside them.
    if name.contains("/data/weights/") || name.contains("archive_format") || path.hasSuffix(".pt2") {
      return InputError(
        path, "is an exported program of PyTorch (.pt2)",
        remedy: "save the weights: torch.save(model.state_dict(), FILE)")
    }
    return InputError(path, "is a zip archive", remedy: "unpack it; a checkpoint is expected here")
  }

  private static func text(_ start: [UInt8], _ path: String) -> InputError? {
    let isText = start.allSatisfy { (0x20..<0x7F).contains($0) || $0 >= 0x80 || (0x09...0x0D).contains($0) }
    // The length at the beginning of a real file has zeros.
    guard start.count >= 8, isText else { return nil }
    let words = String(decoding: start, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    if words.hasPrefix("{") || words.hasPrefix("[") {
      return InputError(
        path, "is JSON text", remedy: "give the .safetensors file itself; an .index.json only lists its parts")
    }
    return InputError(path, "is a text file", remedy: expectation)
  }
}
