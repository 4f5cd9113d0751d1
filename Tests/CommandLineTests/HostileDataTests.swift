import Checkpoints
import Foundation
import TestSupport
import Testing

/// The whole lists of hostile files are beside each reader; here a user meets some of each kind.
@Suite("A hostile data file", .tags(.cli))
struct HostileDataTests {
  /// A file in the place of a good one.
  struct Hostile: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The data section of the recipe.
    let data: String
    /// Where the file lies.
    let path: String
    let bytes: [UInt8]
    /// What the line says behind the path.
    let line: String

    init(_ name: String, _ data: String, _ path: String, _ bytes: [UInt8], _ line: String) {
      testDescription = name
      self.data = data
      self.path = path
      self.bytes = bytes
      self.line = line
    }
  }

  private static let picture: [UInt8] = Array(
    Data(
      base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAICAAAAADoj0EtAAAAGklEQVR4nGNkYEUARhskDgtODuMHZI4OUXoA0goEFe"
        + "QjJ30AAAAASUVORK5CYII=") ?? Data())

  private static func picture(height: UInt32, width: UInt32) -> [UInt8] {
    func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) } }
    return Array(picture[..<16]) + big(width) + big(height) + picture[24...]
  }

  private static func idx(_ sizes: [UInt8], _ count: Int) -> [UInt8] {
    [0, 0, 8, UInt8(sizes.count / 4)] + sizes + [UInt8](repeating: 1, count: count)
  }

  private static func npy(_ type: String, _ shape: String) -> [UInt8] {
    let header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n".utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header
  }

  private static let folder = "{ set: image-folder, path: pictures, masks: box, size: 16 }"
  private static let place = "pictures/train/b/bad.png"
  private static let frame: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8]

  static let files = [
    Hostile("PNG of 2^31 by 2^31 pixels", folder, place, picture(height: 1 << 31, width: 1 << 31), "is a picture of"),
    Hostile("PNG of 60000 by 60000 pixels", folder, place, picture(height: 60_000, width: 60_000), "is a picture of"),
    Hostile("PNG larger than its bytes", folder, place, picture(height: 5_000, width: 5_000), "can hold"),
    Hostile("PNG cut short", folder, place, Array(picture.dropLast(20)), "is a damaged PNG"),
    Hostile("JPEG of 65500 by 65500 pixels", folder, place, frame + [255, 220, 255, 220, 1, 1, 17, 0], "is a"),
    Hostile("JPEG cut short", folder, place, frame, "is a damaged JPEG"),
    Hostile("text called .png", folder, place, Array("hello".utf8), "is no picture"),
    Hostile("empty picture", folder, place, [], "is empty"),
    Hostile(
      "IDX of 2^96 values", "{ set: mnist, path: idx }", "idx/train-labels-idx1-ubyte", idx([255, 255, 255, 255], 9),
      "more than the file can hold"),
    Hostile(
      "IDX cut short", "{ set: mnist, path: idx }", "idx/train-labels-idx1-ubyte", [0, 0, 8], "ends after 3 of 4 bytes"),
    Hostile(
      "CIFAR with a label of 77", "{ set: cifar10, path: cifar }", "cifar/data_batch_3.bin",
      [UInt8](repeating: 77, count: 3073), "label 77 of image 0"),
    Hostile(
      "CIFAR as a pickle", "{ set: cifar10, path: cifar }", "cifar/data_batch_3.bin", [0x80, 2, 0x7D],
      "is a pickle of CIFAR's Python version; a file of cifar-10-binary.tar.gz is expected"),
    Hostile(
      "npy of Python objects", "{ set: arrays, path: loose }", "loose/images.npy", npy("|O", "(3,)"),
      "holds Python objects"),
    Hostile(
      "npy of 2^80 values", "{ set: arrays, path: loose }", "loose/images.npy",
      npy("<f8", "(1099511627776, 1099511627776)"), "more elements than any memory"),
    Hostile(
      "npy of a negative shape", "{ set: arrays, path: loose }", "loose/images.npy", npy("<f4", "(-1, 4, 4)"),
      "has a negative extent"),
    Hostile(
      "npz that is no zip file", "{ set: arrays, path: x.npz }", "x.npz", [UInt8](repeating: 7, count: 90),
      "has no zip directory"),
    Hostile(
      "safetensors of a header of 2^62 bytes", "{ set: arrays, path: x.safetensors }", "x.safetensors",
      [0, 0, 0, 0, 0, 0, 0, 64, 123, 125], "a header of"),
  ]

  @Test("ends in one line that names the file, exit code 2, within a gibibyte", arguments: files)
  func refused(_ hostile: Hostile) throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      let file = folder.appendingPathComponent(hostile.path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(hostile.bytes).write(to: file)
      let recipe = """
        name: bad
        data: \(hostile.data)
        teacher: { model: resnet8 }
        student: { model: cnn2 }
        distillation: [ { method: kd } ]
        training: { epochs: 1 }
        threads: 1

        """
      try Data(recipe.utf8).write(to: folder.appendingPathComponent("bad.yaml"))
      let result = try CommandLineTool.run(["train", "bad.yaml", "--role", "teacher"], in: folder, mebibytes: 1024)
      #expect(
        result.failed(2, "") && result.errors.contains(hostile.path) && result.errors.contains(hostile.line),
        "\(result.summary)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("runs").path))
    }
  }

  /// Good files, one of which is then overwritten.
  private func lay(into folder: URL) throws {
    func write(_ path: String, _ bytes: [UInt8]) throws {
      let file = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }
    for split in ["train", "test"] {
      for name in ["a/1", "a/2", "b/1", "b/2"] { try write("pictures/\(split)/\(name).png", Self.picture) }
    }
    for batch in 1...5 { try write("cifar/data_batch_\(batch).bin", [UInt8](repeating: 1, count: 3073)) }
    try write("cifar/test_batch.bin", [UInt8](repeating: 1, count: 3073))
    for stem in ["train", "t10k"] {
      try write("idx/\(stem)-images-idx3-ubyte", Self.idx([0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 4], 32))
      try write("idx/\(stem)-labels-idx1-ubyte", Self.idx([0, 0, 0, 2], 2))
    }
  }

  @Test("beside good ones: the good ones alone train")
  func good() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      let recipe = """
        name: good
        data: { set: image-folder, path: pictures, size: [16, 32], development: 2, mixup: 0.3, cutout: 3, hue: 0.1 }
        teacher: { model: resnet8 }
        student: { model: cnn2 }
        distillation: [ { method: kd } ]
        training: { epochs: 1, batch: 2 }
        threads: 1

        """
      try Data(recipe.utf8).write(to: folder.appendingPathComponent("good.yaml"))
      let result = try CommandLineTool.run(["train", "good.yaml", "--role", "teacher"], in: folder)
      #expect(result.code == 0 && result.errors.contains("image-folder, 16x32x3, 2 classes"), "\(result.summary)")
      // Concepts need masks, which is said before anything is trained.
      let run = try CommandLineTool.run(["run", "good.yaml", "--set", "name=other"], in: folder)
      #expect(run.code == 2 && run.errors.contains("masks: box takes the central box"), "\(run.summary)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("runs/other").path))
    }
  }
}
