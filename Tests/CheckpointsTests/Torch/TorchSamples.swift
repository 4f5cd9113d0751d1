import Foundation

/// Pickles and files of PyTorch, put together byte by byte; each number is written as it is given.
enum TorchSample {
  static func joined(_ parts: [UInt8]...) -> [UInt8] { Array(parts.joined()) }
  static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
  static func text(_ text: String) -> [UInt8] { joined([0x58], little(text.utf8.count, 4), Array(text.utf8)) }
  /// LONG1 of eight bytes.
  static func integer(_ value: Int) -> [UInt8] { joined([0x8A, 8], little(value, 8)) }
  static func tuple(_ parts: [[UInt8]]) -> [UInt8] { joined([0x28], Array(parts.joined()), [0x74]) }
  static func pickle(_ value: [UInt8]) -> [UInt8] { joined([0x80, 2], value, [0x2E]) }
  static func dictionary(_ pairs: [(String, [UInt8])]) -> [UInt8] {
    joined([0x7D, 0x28], Array(pairs.map { joined(text($0.0), $0.1) }.joined()), [0x75])
  }
  static func call(_ module: String, _ name: String, _ arguments: [[UInt8]]) -> [UInt8] {
    joined(global(module, name), tuple(arguments), [0x52])
  }

  static func storage(
    _ key: String = "0", type: [UInt8] = global("torch", "FloatStorage"), count: [UInt8] = integer(6),
    kind: String = "storage"
  ) -> [UInt8] { joined(tuple([text(kind), type, text(key), text("cpu"), count]), [0x51]) }

  static func tensor(
    _ storage: [UInt8] = storage(), offset: Int = 0, shape: [Int] = [2, 3], strides: [Int] = [3, 1],
    more: [[UInt8]] = []
  ) -> [UInt8] {
    let extents = tuple(shape.map { integer($0) })
    let steps = tuple(strides.map { integer($0) })
    let hooks = call("collections", "OrderedDict", [])
    let parts: [[UInt8]] = [storage, integer(offset), extents, steps, [0x89], hooks]
    return call("torch._utils", "_rebuild_tensor_v2", parts + more)
  }

  /// 1, 2 … as floats.
  static func floats(_ count: Int = 6) -> [UInt8] {
    var bytes: [UInt8] = []
    for value in 1...count { bytes += little(Int(Float(value).bitPattern), 4) }
    return bytes
  }

  static func records(_ pickle: [UInt8], _ storages: [(String, [UInt8])] = [("0", floats())]) -> [ZipSample] {
    var records = [ZipSample(name: "a/data.pkl", content: pickle)]
    for (key, bytes) in storages { records.append(ZipSample(name: "a/data/\(key)", content: bytes)) }
    records.append(ZipSample(name: "a/version", content: [0x33, 0x0A]))
    return records
  }

  /// The zip archive of a value.
  static func file(_ value: [UInt8], _ storages: [(String, [UInt8])] = [("0", floats())]) -> [UInt8] {
    zip(records(pickle(value), storages))
  }

  static let magic: [UInt8] = [
    0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  /// The legacy stream of a pickle.
  static func stream(
    _ object: [UInt8], version: Int = 1001, system: [UInt8] = pickle(dictionary([("little_endian", [0x88])])),
    keys: [String] = ["0"], blocks: [UInt8] = little(6, 8) + floats()
  ) -> [UInt8] {
    let list = joined([0x5D, 0x28], Array(keys.map { text($0) }.joined()), [0x65])
    return joined(magic, pickle(integer(version)), system, object, pickle(list), blocks)
  }
}
