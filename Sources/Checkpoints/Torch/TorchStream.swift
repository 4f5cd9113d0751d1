import Foundation
import Support

/// The stream of pickles and numbers that `torch.save` wrote before PyTorch 1.6.
struct TorchStream: TorchFile {
  /// The magic number as a pickle has it, ten bytes long.
  private static let magic = Data([0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19])

  /// Whether a file begins as such a stream does: with the protocol, perhaps a frame, and the magic number.
  static func isStream(_ start: [UInt8]) -> Bool {
    start.first == 0x80 && Data(start.prefix(2 + 9 + magic.count)).range(of: magic) != nil
  }

  let content: TorchContent

  /// - Parameters:
  ///   - data: the whole file, which ``isStream(_:)``.
  ///   - path: for error lines.
  /// - Throws: ``InputError`` naming the byte of what is damaged or refused.
  init(_ data: Data, path: String) throws {
    var position = 0
    func next(_ dialect: PickleDialect = .arrays) throws -> (PickleValue, PickleMachine) {
      var machine = PickleMachine(data, path: path, dialect, from: position)
      let value = try machine.run()
      position = machine.position
      return (value, machine)
    }
    func broken(_ problem: String) -> InputError {
      InputError("\(path): byte \(position)", problem, remedy: "it is damaged or cut short: fetch or save it again")
    }
    _ = try next()
    guard case .integer(1001) = try next().0 else { throw broken("the version of the format is not 1001") }
    let system = try next()
    guard case .flag(let isLittleEndian)? = system.0["little_endian"] else {
      throw broken("nothing says in which order the bytes of numbers are")
    }
    let (root, machine) = try next(.weights)
    let list = try next()
    guard let keys = list.0.elements else { throw broken("the list of storages is \(list.0.kind)") }
    var places: [String: Range<Int>] = [:]
    for key in keys {
      guard let key = key.word, let storage = machine.storages[key], places[key] == nil else {
        throw broken("the list of storages has one twice, or one that no tensor has")
      }
      guard data.count - position >= 8 else { throw broken("the file ends before storage \(inQuotes(key))") }
      let digits = (0..<8).map { UInt64(data[position + (isLittleEndian ? 7 - $0 : $0)]) }
      let count = digits.reduce(0) { $0 << 8 | $1 }
      guard count == UInt64(storage.bytes / storage.type.width) else {
        throw broken(
          "storage \(inQuotes(key)) has \(count) elements, and the pickle speaks of "
            + "\(storage.bytes / storage.type.width)")
      }
      position += 8
      guard storage.bytes <= data.count - position else {
        throw broken("storage \(inQuotes(key)) has \(storage.bytes) bytes, and \(data.count - position) are left")
      }
      places[key] = position..<position + storage.bytes
      position += storage.bytes
    }
    guard position == data.count else { throw broken("the file goes on behind its last storage") }
    if let missing = machine.storages.keys.filter({ places[$0] == nil }).min() {
      throw broken("storage \(inQuotes(missing)) is missing")
    }
    let found = places
    content = TorchContent(root, arena: machine.arena, isBigEndian: !isLittleEndian) { storage in
      data[found[storage.key] ?? 0..<0]
    }
  }
}
