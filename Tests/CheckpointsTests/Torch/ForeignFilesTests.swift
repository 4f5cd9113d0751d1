import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("Files as PyTorch and NumPy users save them", .tags(.golden))
struct ForeignFilesTests {
  /// What `Tests/Golden/foreign-files.py` says of a file.
  struct Facts: Decodable, Sendable {
    let format: String
    let key: String?
    let prefix: String?
    let skipped: [String]
    let names: [String]
  }

  static let folder = Golden.folder.appendingPathComponent("foreign")

  static func facts() throws -> [String: Facts] {
    try Golden.load("foreign-files").metadata.compactMapValues { text in
      try? JSONDecoder().decode(Facts.self, from: Data(text.utf8))
    }
  }

  static func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

  @Test("there are sixty of them and more")
  func many() throws { #expect(try Self.facts().count >= 60) }

  @Test("hold PyTorch's tensors bit for bit, found where they stand", arguments: try facts().keys.sorted())
  func read(_ file: String) throws {
    let facts = try #require(try Self.facts()[file])
    let golden = try Golden.load("foreign-files")
    let archive = try WeightArchive.read(Self.folder.appendingPathComponent(file))
    #expect(archive.format.rawValue == facts.format)
    #expect(archive.key == facts.key)
    #expect(archive.prefix == facts.prefix ?? "")
    #expect(Set(archive.skipped.map(\.path)) == Set(facts.skipped))
    let tensors = try archive.loaded().tensors
    #expect(Set(tensors.map(\.name)) == Set(facts.names) && tensors.count == facts.names.count)
    for tensor in tensors {
      let right = try #require(golden["\(file)|\(tensor.name)"])
      #expect(tensor.type == right.type && tensor.shape == right.shape, "\(tensor.name)")
      #expect(tensor.bytes == right.bytes, "\(tensor.name)")
    }
  }

  @Test(
    "are written in PyTorch's order", arguments: ["state-dict-zip.pth", "state-dict-legacy.pt", "whole-module-zip.pth"])
  func order(_ file: String) throws {
    let archive = try WeightArchive.read(Self.folder.appendingPathComponent(file))
    #expect(try archive.tensors.map(\.name) == #require(try Self.facts()[file]).names)
  }

  @Test("are refused in one line where it is not clear what they hold, or a tensor depends on code")
  func refused() throws {
    let known = try Self.facts()
    let others = try Self.names().filter { known[$0] == nil }
    #expect(others.count >= 8)
    for file in others {
      let error = #expect(throws: InputError.self) {
        try WeightArchive.read(Self.folder.appendingPathComponent(file)).loaded()
      }
      let line = error?.description ?? ""
      #expect(line.contains(file) && line.contains("; ") && !line.contains("\n"), "\(line)")
    }
  }

  @Test(
    "give the weights that are named by --key",
    arguments: [
      ("refused-two-candidates.pth", "second", 8), ("nested-zip.pth", "model.backbone", 8),
      ("training-ema-zip.pth", "ema", 8), ("copy-beside.pth", "ema_state", 8), ("copies-beside.pth", "y", 8),
      ("two-in-one-map.pth", "teacher", 8), ("refused-list-of-maps.pth", "models.1", 8),
    ])
  func key(_ file: String, _ key: String, _ count: Int) throws {
    let url = Self.folder.appendingPathComponent(file)
    let archive = try WeightArchive.read(url, key: key)
    #expect(archive.key == key && archive.tensors.count == count && archive.tensors[0].name == "conv1.weight")
    for wrong in [key + "x", "optimizer", "epoch"] {
      let error = #expect(throws: InputError.self) { try WeightArchive.read(url, key: wrong) }
      #expect(error?.description.hasPrefix("--key \(wrong): ") == true, "\(error?.description ?? "")")
    }
  }

  @Test(
    "say what to do with tensors of kinds that are not read",
    arguments: [
      ("refused-sparse.pth", "save tensor.to_dense()"), ("refused-complex32.pth", "of type complex32"),
      ("refused-numpy.pth", "numpy.savez"), ("refused-quantised.pth", "dequantize()"),
      ("refused-same-names.pth", "two tensors have the name '1'"),
    ])
  func advice(_ file: String, _ words: String) {
    let error = #expect(throws: InputError.self) {
      try WeightArchive.read(Self.folder.appendingPathComponent(file)).loaded()
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test("name what was left aside: other weights, lists of tensors, tensors under no name")
  func aside() throws {
    func read(_ file: String) throws -> WeightArchive {
      try WeightArchive.read(Self.folder.appendingPathComponent(file))
    }
    #expect(try read("weights-at-the-top.pth").others == ["extra"])
    #expect(try read("map-of-numbers.pth").others.isEmpty)
    #expect(try read("copy-beside.pth").others == ["ema_state"])
    #expect(try read("copies-beside.pth").others == ["x", "y"])
    #expect(try read("few-under-a-usual-name.pth").others == ["state_dict"])
    #expect(try read("beside-tensors.pth").skipped.map(\.what) == ["a tensor", "a list of tensors"])
    #expect(
      try read("nameless.pth").skipped.map(\.what) == ["tensors under keys that are no names", "a list of tensors"])
  }

  @Test("give the tensors at the top by the key of a dot, and name them as a choice beside a map")
  func top() throws {
    let url = Self.folder.appendingPathComponent("copy-beside.pth")
    let top = try WeightArchive.read(url, key: ".")
    #expect(top.key == nil && top.others == ["ema_state"])
    let copy = try WeightArchive.read(url, key: "ema_state")
    #expect(copy.others == ["."] && copy.skipped.isEmpty)
    let (own, other) = (try top.loaded(), try copy.loaded())
    for tensor in own.tensors where tensor.type == .f32 {
      #expect(try other[tensor.name]?.floats() == tensor.floats().map { $0 + 1 }, "\(tensor.name)")
    }
    // A map of this very name, before a path that is spelt alike.
    let alike = try WeightArchive.read(
      Self.folder.appendingPathComponent("refused-two-spellings.pth"), key: "a.b"
    ).loaded()
    for tensor in alike.tensors { #expect(try other[tensor.name]?.bytes == tensor.bytes, "\(tensor.name)") }
    let nested = Self.folder.appendingPathComponent("nested-zip.pth")
    #expect(throws: InputError.self) { try WeightArchive.read(nested, key: ".") }
  }

  @Test("leave out the tensors that are named, and no others")
  func without() throws {
    let archive = try WeightArchive.read(Self.folder.appendingPathComponent("state-dict-zip.pth"))
    let left = try archive.leavingOut(["fc.bias"]).tensors.map(\.name)
    #expect(left == archive.tensors.map(\.name).filter { $0 != "fc.bias" })
    #expect(try archive.leavingOut(["fc."]).tensors.allSatisfy { !$0.name.hasPrefix("fc.") })
    #expect(throws: InputError.self) { try archive.leavingOut(["fc.bais"]) }
    #expect(throws: InputError.self) { try archive.leavingOut(["none."]) }
    #expect(throws: InputError.self) { try archive.leavingOut(archive.tensors.map(\.name)) }
  }

  @Test("take one key for two files, each its own, and none where a file has nothing but weights")
  func pairs() {
    func keys(_ keys: [String], _ files: [String]) -> [String?] {
      WeightArchive.keys(keys, of: files.map(Self.folder.appendingPathComponent))
    }
    let torch = "nested-zip.pth"
    #expect(keys([], [torch, torch]) == [nil, nil])
    #expect(keys(["model"], [torch, torch]) == ["model", "model"])
    for plain in ["arrays.npz", "state-dict-zip.pth", "model.safetensors.index.json"] {
      #expect(keys(["model"], [plain, torch]) == [nil, "model"])
      #expect(keys(["second"], ["refused-two-candidates.pth", plain]) == ["second", nil])
      #expect(keys(["model"], [plain, plain]) == ["model", "model"])
    }
    #expect(keys(["a", "b"], [torch, torch]) == ["a", "b"])
  }

  @Test("that are no PyTorch files take no key", arguments: ["arrays.npz", "model.safetensors.index.json"])
  func noKey(_ file: String) {
    #expect(throws: InputError.self) { try WeightArchive.read(Self.folder.appendingPathComponent(file), key: "model") }
  }

  @Test("show tied tensors as such")
  func tied() throws {
    let archive = try WeightArchive.read(Self.folder.appendingPathComponent("tied-zip.pth"))
    let blocks = archive.tensors.map(\.block)
    #expect(blocks.count == 3 && Set(blocks).count == 1)
  }

  @Test("come through every format that is written, and back", arguments: WeightExport.allCases)
  func written(_ format: WeightExport) throws {
    try withTemporaryDirectory { folder in
      for file in ["types-zip.pth", "views-legacy.pt", "training-state_dict-zip.pth", "newer-types-zip.pth"] {
        let archive = try WeightArchive.read(Self.folder.appendingPathComponent(file))
        let url = folder.appendingPathComponent("out.\(format.rawValue)")
        // NumPy has neither.
        let tensors = archive.tensors.filter {
          format != .npz || ![.bf16, .f8e4m3, .f8e5m2].contains($0.type)
        }
        try format.write(tensors, to: url)
        let back = try WeightArchive.read(url).loaded()
        #expect(back.tensors.count == tensors.count)
        for tensor in tensors { #expect(try back[tensor.name] == tensor.stored(), "\(file) \(tensor.name)") }
      }
      // What a format does not have is refused before the old file is touched.
      guard format == .npz else { return }
      let old = folder.appendingPathComponent("old.npz")
      try Data("old".utf8).write(to: old)
      let types = try WeightArchive.read(Self.folder.appendingPathComponent("types-zip.pth"))
      #expect(throws: InputError.self) { try format.write(types.tensors, to: old) }
      #expect(try Data(contentsOf: old) == Data("old".utf8))
    }
  }
}
