import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("A file that is no safetensors file")
struct ForeignFileTests {
  private static func zip(_ name: String) -> [UInt8] {
    [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [UInt8(name.utf8.count), 0, 0, 0] + Array(name.utf8)
      + [0x80, 2, 0x7D, 0x2E]
  }

  /// The first bytes of `torch.save(…, _use_new_zipfile_serialization=False)`.
  private static let legacy: [UInt8] = [
    0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E, 0x80, 2, 0x4D, 0xE9, 3, 0x2E,
  ]

  static let files: [(BadFile, String)] = [
    (BadFile("empty", []), "is empty; "),
    (BadFile("of torch.save", zip("archive/data.pkl")), "is a PyTorch file (a zip"),
    (BadFile("of torch.save by another name", zip("best_model/data.pkl")), "is a PyTorch file (a zip"),
    (BadFile("of torch.save before 1.6", legacy), "is a PyTorch file of the old format"),
    (BadFile("of torch.jit.save", zip("net/code/__torch__.py")), "is a PyTorch file (a zip"),
    (BadFile("of pickle.dump", [0x80, 4, 0x95] + [UInt8](repeating: 3, count: 60)), "is a Python pickle; "),
    (BadFile("npz", zip("images.npy")), "is an archive of NumPy arrays (.npz); "),
    (BadFile("empty npz", [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)), "is an empty zip archive"),
    (BadFile("of torch.export", zip("m/data/weights/weight_0")), "is an exported program of PyTorch (.pt2); save"),
    (BadFile("another zip", zip("holiday.jpg")), "is a zip archive; "),
    (BadFile("npy", [0x93] + Array("NUMPY".utf8) + [1, 0, 70, 0]), "is a single array of NumPy (.npy); "),
    (
      BadFile("LFS", Array("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 44\n".utf8)),
      "is a git-LFS pointer, not the file itself; fetch the file with git lfs pull"
    ),
    (BadFile("HTML", Array("\n<!DOCTYPE html>\n<html><head>".utf8)), "is a page of HTML: the download gave a page"),
    (BadFile("HTML in lower case", Array("<html lang=en>".utf8)), "is a page of HTML"),
    (BadFile("index", Array("{\"metadata\": {\"total_size\": 7}}".utf8)), "is JSON text; give the .safetensors file"),
    (BadFile("text", Array("Invalid username or password.".utf8)), "is a text file; "),
    (BadFile("PNG", [0x89] + Array("PNG\r\n".utf8) + [0x1A, 10, 0, 0]), "is a picture (PNG); a checkpoint"),
    (BadFile("JPEG", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF".utf8)), "is a picture (JPEG); a checkpoint"),
    (BadFile("gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]), "is a gzip file; unpack it first"),
    (BadFile("HDF5", [0x89] + Array("HDF\r\n".utf8) + [0x1A, 10, 0]), "is an HDF5 file; "),
    (BadFile("tar", [UInt8](repeating: 65, count: 257) + Array("ustar".utf8)), "is a tar archive; "),
    (BadFile("reserved download", [UInt8](repeating: 0, count: 5000)), "begins with nothing but zeros; "),
  ]

  @Test("is refused with what it is and what to do", arguments: files)
  func kinds(_ file: BadFile, _ expected: String) throws {
    let refused = try BadFile.refusals(of: [file], mustFail: true) { path in
      do {
        _ = try Safetensors.read(URL(fileURLWithPath: path))
      } catch let error as InputError {
        #expect(error.description.hasPrefix("\(path): \(expected)"), "\(file.name): \(error)")
        throw error
      }
    }
    #expect(refused == 1)
  }

  @Test("but whose metadata are null is one, as for the reference library")
  func nullMetadata() throws {
    let header = #"{"__metadata__": null,"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
    let data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8) + [7]
    let file = try Safetensors(data, path: "x")
    #expect(file.metadata.isEmpty && file["a"]?.bytes == Data([7]))
    let twice = header.replacing("null,", with: "null,\"__metadata__\":null,")
    let bad = withUnsafeBytes(of: UInt64(twice.utf8.count).littleEndian) { Data($0) } + Data(twice.utf8) + [7]
    #expect(throws: InputError.self) { try Safetensors(bad, path: "x") }
  }
}
