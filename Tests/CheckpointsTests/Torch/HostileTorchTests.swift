import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("Hostile files of weights")
struct HostileTorchTests {
  private typealias Sample = TorchSample

  private static let trap = "touch /tmp/kdscope-was-here"
  private static let sound = Sample.tensor()
  private static let weights = Sample.pickle(Sample.dictionary([("w", sound)]))

  /// Reads all that there is to read.
  private func read(_ path: String) throws {
    let archive = try WeightArchive.read(URL(fileURLWithPath: path))
    _ = try archive.loaded()
    _ = Recognition(archive).fits()
  }

  private static func zipped(_ name: String, _ value: [UInt8]) -> BadFile { BadFile(name, Sample.file(value)) }

  /// A sound tensor beside something that wants to be run.
  private static func beside(_ name: String, _ harm: [UInt8]) -> [BadFile] {
    let value = Sample.dictionary([("w", sound), ("x", harm)])
    return [
      BadFile("\(name) beside weights", Sample.file(value)),
      BadFile("\(name) beside weights, legacy", Sample.stream(Sample.pickle(value))),
    ]
  }

  /// The pickles of the pickle tests in both layouts.
  private static var pickles: [BadFile] {
    var files: [BadFile] = []
    for file in PickleTests.hostile where file.bytes.count < 1_000_000 {
      files.append(BadFile("\(file.name), zip", zip(Sample.records(file.bytes))))
      files.append(BadFile("\(file.name), legacy", Sample.stream(file.bytes)))
    }
    return files
  }

  private static let harmful: [(String, String)] = [
    ("os", "system"), ("posix", "system"), ("nt", "system"), ("subprocess", "Popen"), ("subprocess", "check_output"),
    ("builtins", "eval"), ("builtins", "exec"), ("__builtin__", "eval"), ("__builtin__", "execfile"),
    ("builtins", "__import__"), ("builtins", "open"), ("builtins", "compile"), ("runpy", "_run_code"),
    ("importlib", "import_module"), ("pty", "spawn"), ("socket", "socket"), ("shutil", "rmtree"), ("os.path", "join"),
    ("pickle", "loads"), ("marshal", "loads"), ("ctypes", "CDLL"), ("webbrowser", "open"), ("code", "interact"),
  ]

  private static var calls: [BadFile] {
    let argument = Sample.text(trap)
    var files: [BadFile] = []
    for (module, name) in harmful {
      let callable = Sample.global(module, name)
      let tuple = Sample.tuple([argument])
      files += beside("\(module).\(name)", Sample.joined(callable, tuple, [0x52]))
      files += beside("\(module).\(name) by NEWOBJ", Sample.joined(callable, tuple, [0x81]))
      files += beside(
        "\(module).\(name) by STACK_GLOBAL",
        Sample.joined(Sample.text(module), Sample.text(name), [0x93], tuple, [0x52]))
    }
    let record = Sample.call("my", "Class", [])
    let reached = Sample.call("builtins", "getattr", [Sample.global("my", "module"), argument])
    let state = Sample.dictionary([("__setstate__", Sample.global("os", "system"))])
    files += beside("INST", Array("(S'\(trap)'\nios\nsystem\n".utf8))
    files += beside("OBJ", Sample.joined([0x28], Sample.global("os", "system"), argument, [0x6F]))
    files += beside("a text called", Sample.joined(argument, [0x29, 0x52]))
    files += beside("what a class gave is called", Sample.joined(record, [0x29, 0x52]))
    files += beside("what getattr gave is called", Sample.joined(reached, [0x29, 0x52]))
    files += beside("BUILD on a list", [0x5D, 0x7D, 0x62])
    files += beside("BUILD on a tensor", Sample.joined(sound, [0x7D, 0x62]))
    files += beside("__setstate__ in a state", Sample.joined(record, state, [0x62]))
    return files
  }

  /// A map of one tensor in a storage.
  private static func stored(_ name: String, _ storage: [UInt8]) -> BadFile {
    zipped(name, Sample.dictionary([("w", Sample.tensor(storage))]))
  }

  private static var storages: [BadFile] {
    var files: [BadFile] = []
    let counts: [Int] = [-1, 0, 5, 7, 1 << 32, 1 << 61, Int.max, Int.min]
    for count in counts { files.append(stored("a storage of \(count)", Sample.storage(count: Sample.integer(count)))) }
    let float = Sample.global("torch", "FloatStorage")
    let short = Sample.tuple([Sample.text("storage"), float, Sample.text("0"), Sample.text("cpu")])
    let module = Sample.tuple([Sample.text("module"), Sample.text("os")])
    files.append(stored("a storage that is missing", Sample.storage("1")))
    files.append(stored("a storage elsewhere", Sample.storage("../../../etc/passwd")))
    files.append(stored("a storage of an unknown class", Sample.storage(type: Sample.global("torch", "EvilStorage"))))
    files.append(stored("a storage of a type that is a text", Sample.storage(type: Sample.text("FloatStorage"))))
    files.append(stored("a storage of doubles", Sample.storage(type: Sample.global("torch", "DoubleStorage"))))
    files.append(stored("a storage that counts in texts", Sample.storage(count: Sample.text("6"))))
    files.append(stored("another kind of reference", Sample.storage(kind: "file")))
    files.append(stored("a module without a class", Sample.joined(module, [0x51])))
    files.append(stored("a reference that is a text", Sample.joined(Sample.text("storage"), [0x51])))
    files.append(stored("an empty reference", [0x29, 0x51]))
    files.append(stored("a storage of four words", Sample.joined(short, [0x51])))
    let other = Sample.tensor(Sample.storage(count: Sample.integer(3)))
    files.append(zipped("one storage of two sizes", Sample.dictionary([("w", sound), ("v", other)])))
    return files
  }

  private struct View {
    let offset: Int
    let shape: [Int]
    let strides: [Int]

    init(_ offset: Int, _ shape: [Int], _ strides: [Int]) {
      self.offset = offset
      self.shape = shape
      self.strides = strides
    }
  }

  private static let impossible: [View] = [
    View(1, [2, 3], [3, 1]), View(-1, [2, 3], [3, 1]), View(6, [1], [1]), View(Int.max, [1], [1]),
    View(Int.max, [2], [Int.max]), View(Int.min, [1], [1]), View(0, [7], [1]), View(0, [2, 3], [4, 1]),
    View(0, [2, 3], [3, -1]), View(0, [-2, 3], [3, 1]), View(0, [2, 3], [3]), View(0, [2], [3, 1]),
    View(0, [Int.max, Int.max], [1, 1]), View(0, [Int.max], [1]), View(0, [1 << 32, 1 << 32], [0, 0]),
    View(0, [1 << 40], [0]), View(0, [1 << 31], [0]), View(0, [1 << 62, 2, 2], [0, 0, 0]),
    View(0, [Int.max, Int.max, 0], [1, 1, 1]), View(0, [2, 2], [Int.max, Int.max]),
    View(0, [Int](repeating: 1, count: 65), [Int](repeating: 1, count: 65)),
    View(0, [Int](repeating: 2, count: 64), [Int](repeating: 0, count: 64)),
  ]

  private static var views: [BadFile] {
    var files: [BadFile] = []
    for view in impossible {
      let tensor = Sample.tensor(offset: view.offset, shape: view.shape, strides: view.strides)
      files.append(zipped("\(view)", Sample.dictionary([("w", tensor)])))
    }
    let negated = Sample.tensor(more: [Sample.dictionary([("neg", [0x88])])])
    files.append(zipped("a tensor that is negated", Sample.dictionary([("w", negated)])))
    let unknown = Sample.tensor(more: [Sample.global("torch", "evil")])
    files.append(zipped("a tensor of an unknown type", Sample.dictionary([("w", unknown)])))
    let wide = Sample.tensor(shape: [4 << 20], strides: [0])
    let many: [(String, [UInt8])] = (0..<1000).map { ("w\($0)", wide) }
    files.append(zipped("a thousand views of 16 MiB of one number", Sample.dictionary(many)))
    return files
  }

  private static var maps: [BadFile] {
    let depth = 200_000
    var deep: [UInt8] = []
    for _ in 0..<depth { deep += [0x7D, 0x4B, 1] }
    deep.append(0x4E)
    deep += [UInt8](repeating: 0x73, count: depth)
    var doubling = Sample.joined(Sample.dictionary([("w", sound)]), [0x71, 0])
    for _ in 0..<60 {
      doubling += Sample.joined(
        [0x30, 0x7D, 0x28], Sample.text("a"), [0x68, 0], Sample.text("b"), [0x68, 0, 0x75, 0x71, 0])
    }
    let own = Sample.joined([0x7D, 0x71, 0], Sample.text("a"), [0x68, 0, 0x73], Sample.text("w"), sound, [0x73])
    let parts = Sample.dictionary([("a", [0x68, 0])])
    let state = Sample.dictionary([("_modules", parts), ("_parameters", Sample.dictionary([("w", sound)]))])
    let part = Sample.joined(Sample.call("my", "Net", []), [0x71, 0], state, [0x62])
    let one = Sample.dictionary([("w", sound)])
    let byCode = Sample.call("my", "rebuild", [Sample.storage()])
    let subclass = Sample.call("torch._tensor", "_rebuild_from_type_v2", [sound])
    let values: [(String, [UInt8])] = [
      ("dictionaries 200,000 deep", deep), ("a dictionary in itself", own), ("maps that double sixty times", doubling),
      ("a module that is its own part", part),
      ("two tensors of one name", Sample.dictionary([("a", Sample.dictionary([("b", sound)])), ("a.b", sound)])),
      ("a tensor __metadata__", Sample.dictionary([("__metadata__", sound)])), ("a tensor alone", sound),
      ("a list", Sample.joined([0x5D, 0x28], sound, [0x65])), ("an empty map", [0x7D]),
      ("two maps", Sample.dictionary([("a", one), ("b", one)])),
      ("optimizer state alone", Sample.dictionary([("optimizer", one)])),
      ("a tensor made by code", Sample.dictionary([("w", sound), ("v", byCode)])),
      ("a tensor of a subclass", Sample.dictionary([("w", sound), ("v", subclass)])),
    ]
    var files: [BadFile] = values.map { zipped($0.0, $0.1) }
    files.append(BadFile("bytes behind the pickle", zip(Sample.records(Sample.joined(weights, [0x4E])))))
    var records = Sample.records(weights)
    records.append(ZipSample(name: "a/byteorder", content: Array("middle".utf8)))
    files.append(BadFile("a byte order that is none", zip(records)))
    files.append(BadFile("no pickle", zip([ZipSample(name: "a/data/0", content: Sample.floats())])))
    return files
  }

  private static func archive(_ name: String, _ change: (inout ZipSample) -> Void) -> BadFile {
    var records = Sample.records(weights)
    change(&records[1])
    return BadFile(name, zip(records))
  }

  private static var archives: [BadFile] {
    var files: [BadFile] = []
    let numbers: [Int] = [0, 1, 23, 25, 1 << 20, 1 << 31, 0xFFFF_FFFE]
    for number in numbers {
      files.append(archive("a storage of size \(number)") { $0.size = number })
      files.append(archive("a storage of packed size \(number)") { $0.packedSize = number })
      files.append(archive("a storage at byte \(number)") { $0.offset = number == 0 ? 3 : number })
    }
    files.append(archive("an encrypted storage") { $0.flags = 1 })
    files.append(archive("a wrong checksum") { $0.checksum = 77 })
    files.append(archive("an unknown packing") { $0.method = 14 })
    let block = Sample.floats()
    files.append(BadFile("a storage twice", zip(Sample.records(weights, [("0", block), ("0", block)]))))
    files.append(BadFile("a directory that lies", zip(Sample.records(weights), count: 70)))
    let zeros = [UInt8](repeating: 0, count: 256 << 20)
    let storage = Sample.storage(count: Sample.integer(64 << 20))
    let wide = Sample.dictionary([("w", Sample.tensor(storage, shape: [64 << 20], strides: [1]))])
    let pickle = ZipSample(name: "a/data.pkl", content: Sample.pickle(wide))
    let bomb = ZipSample(name: "a/data/0", content: zeros, packed: rawDeflated(zeros), method: 8)
    files.append(BadFile("a bomb of 256 MiB", zip([pickle, bomb])))
    return files
  }

  private static var streams: [BadFile] {
    let block = Sample.joined(little(6, 8), Sample.floats())
    let twice = Sample.stream(weights, keys: ["0", "0"], blocks: Sample.joined(block, block))
    let system = Sample.pickle(Sample.dictionary([("little_endian", [0x88])]))
    let version = Sample.pickle(Sample.integer(1001))
    let mapped = Sample.joined(Sample.magic, version, system, weights, Sample.pickle([0x7D]))
    var files: [BadFile] = [
      BadFile("another version", Sample.stream(weights, version: 1002)),
      BadFile("no byte order", Sample.stream(weights, system: Sample.pickle([0x7D]))),
      BadFile("no storages", Sample.stream(weights, keys: [], blocks: [])),
      BadFile("an unknown storage", Sample.stream(weights, keys: ["7"])),
      BadFile("a storage twice", twice),
      BadFile("bytes behind the end", Sample.stream(weights, blocks: Sample.joined(block, [0]))),
      BadFile("a map for a list of storages", mapped),
    ]
    let counts: [Int] = [0, 5, 7, -1, 1 << 32, Int.max, Int.min]
    for count in counts {
      let lying = Sample.joined(little(count, 8), Sample.floats())
      files.append(BadFile("a legacy storage of \(count)", Sample.stream(weights, blocks: lying)))
    }
    return files
  }

  @Test("are refused in one line each, two hundred and more, and nothing is run; sound ones are read")
  func refused() throws {
    unlink("/tmp/kdscope-was-here")
    let files = Self.pickles + Self.calls + Self.storages + Self.views + Self.maps + Self.archives + Self.streams
    #expect(files.count >= 200)
    let clock = ContinuousClock()
    let refused = try BadFile.refusals(of: files, mustFail: true) { path in
      let start = clock.now
      defer { #expect(clock.now - start < .seconds(5)) }
      try read(path)
    }
    #expect(refused >= 200, "\(refused) of \(files.count)")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/kdscope-was-here"))
    let state = Sample.dictionary([("__setstate__", Sample.text("x"))])
    let inert = Sample.dictionary([
      ("state_dict", Sample.dictionary([("w", Self.sound)])),
      ("args", Sample.joined(Sample.call("my", "Class", []), state, [0x62])),
      ("kind", Sample.call("builtins", "getattr", [Sample.global("my", "Enum"), Sample.text("A")])),
    ])
    let empty = Sample.tensor(shape: [0, 1 << 40], strides: [1, 1])
    let repeated = Sample.tensor(offset: 5, shape: [1 << 16], strides: [0])
    let sound: [BadFile] = [
      BadFile("zip", Sample.file(inert)), BadFile("legacy", Sample.stream(Sample.pickle(inert))),
      BadFile("an empty tensor of wide extents", Sample.file(Sample.dictionary([("w", empty)]))),
      BadFile("a view that repeats", Sample.file(Sample.dictionary([("w", repeated)]))),
      BadFile("npz", zip([ZipSample(name: "w.npy", content: HostileNumPyTests.good)])),
    ]
    #expect(try BadFile.refusals(of: sound, mustFail: false, read) == 0)
  }

  @Test("cut and changed at random come to a value or to one line")
  func mutations() throws {
    var random = SystemRandomNumberGenerator()
    for good in [Sample.file(Sample.dictionary([("w", Self.sound)])), Sample.stream(Self.weights)] {
      let cuts = BadFile.cut(good, at: stride(from: 0, to: good.count, by: 7))
      #expect(try BadFile.refusals(of: cuts, mustFail: true, read) == cuts.count)
      _ = try BadFile.refusals(of: BadFile.flipped(good, good.indices), mustFail: false, read)
      let mutants = (0..<200).map { _ in
        var bytes = good
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
        }
        return BadFile("\(bytes)", bytes)
      }
      _ = try BadFile.refusals(of: mutants, mustFail: false, read)
    }
  }

  @Test("in several shards are refused where one is missing, elsewhere, or of another index")
  func shards() throws {
    try withTemporaryDirectory { folder in
      let index = folder.appendingPathComponent("model.safetensors.index.json")
      func lay(_ map: String) throws { try Data("{\"metadata\": {}, \"weight_map\": {\(map)}}".utf8).write(to: index) }
      try Safetensors(tensors: [StoredTensor(name: "a", shape: [1], floats: [1])]).write(
        to: folder.appendingPathComponent("1.safetensors"))
      try Safetensors(tensors: [StoredTensor(name: "b", shape: [1], floats: [2])]).write(
        to: folder.appendingPathComponent("2.safetensors"))
      try lay(#""a": "1.safetensors", "b": "2.safetensors""#)
      #expect(try WeightArchive.read(index).loaded()["b"]?.floats() == [2])
      for (map, problem) in [
        (#""a": "3.safetensors""#, "3.safetensors"), (#""a": "../1.safetensors""#, "'../1.safetensors'"),
        (#""a": "/etc/passwd""#, "'/etc/passwd'"), (#""a": """#, "''"), (#""a": "..""#, "'..'"),
        (#""a": "2.safetensors""#, "holds tensor 'b'"),
        (#""a": "1.safetensors", "b": "1.safetensors""#, "tensor 'b' is not in"),
        (#""b": "1.safetensors""#, "holds tensor 'a'"), ("", "names 0 files"), (#""a": 7"#, "is no index"),
        (#""a": ["1.safetensors"]"#, "is no index"),
        (#""a": "model.safetensors.index.json""#, "is JSON text"),
      ] {
        try lay(map)
        let error = #expect(throws: InputError.self) { try WeightArchive.read(index) }
        #expect(error?.description.contains(problem) == true, "\(map): \(error?.description ?? "")")
      }
    }
  }
}
