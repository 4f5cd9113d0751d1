/// The operations of a pickle that are carried out; any other is refused by its byte.
///
/// All build data. Those that call, such as REDUCE and BUILD, reach only what a ``PickleDialect`` lists.
enum PickleOpcode: UInt8 {
  case mark = 0x28
  case emptyTuple = 0x29
  case stop = 0x2E
  case pop = 0x30
  case popMark = 0x31
  case binaryBytes = 0x42
  case shortBinaryBytes = 0x43
  case float = 0x47
  case integer = 0x4A
  case byteInteger = 0x4B
  case shortInteger = 0x4D
  case none = 0x4E
  case persistentID = 0x51
  case reduce = 0x52
  case binaryString = 0x54
  case shortBinaryString = 0x55
  case unicode = 0x58
  case emptyList = 0x5D
  case append = 0x61
  case build = 0x62
  case global = 0x63
  case dictionary = 0x64
  case appends = 0x65
  case get = 0x68
  case longGet = 0x6A
  case list = 0x6C
  case put = 0x71
  case longPut = 0x72
  case setItem = 0x73
  case tuple = 0x74
  case setItems = 0x75
  case emptyDictionary = 0x7D
  case version = 0x80
  case newObject = 0x81
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case yes = 0x88
  case no = 0x89
  case long1 = 0x8A
  case long4 = 0x8B
  case shortUnicode = 0x8C
  case unicode8 = 0x8D
  case binaryBytes8 = 0x8E
  case emptySet = 0x8F
  case addItems = 0x90
  case stackGlobal = 0x93
  case memoize = 0x94
  case frame = 0x95
  case byteArray8 = 0x96

  /// Python's name of an operation that is refused, for the error line.
  static func name(of byte: UInt8) -> String? {
    let names: [UInt8: String] = [
      0x32: "DUP", 0x46: "FLOAT", 0x49: "INT", 0x4C: "LONG", 0x50: "PERSID", 0x53: "STRING",
      0x56: "UNICODE", 0x67: "GET", 0x69: "INST", 0x6F: "OBJ", 0x70: "PUT", 0x82: "EXT1",
      0x83: "EXT2", 0x84: "EXT4", 0x91: "FROZENSET", 0x92: "NEWOBJ_EX", 0x97: "NEXT_BUFFER",
      0x98: "READONLY_BUFFER",
    ]
    return names[byte]
  }
}
