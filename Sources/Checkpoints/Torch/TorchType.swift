/// An element type of PyTorch, by the names that its files have for it.
struct TorchType: Sendable, Equatable {
  /// PyTorch's name, such as `float32`.
  let name: String
  /// The same type in safetensors' terms; nil for those that have none there.
  let stored: StoredType?
  /// Bytes of one element.
  let width: Int

  private init(_ name: String, _ stored: StoredType?, _ width: Int? = nil) {
    self.name = name
    self.stored = stored
    self.width = width ?? (stored.map { $0.bits / 8 } ?? 1)
  }

  /// Raw bytes, whose type the tensor says.
  static let untyped = TorchType("bytes", nil)

  /// Types that have a storage class of their own.
  private static let classes: [String: TorchType] = [
    "FloatStorage": TorchType("float32", .f32), "DoubleStorage": TorchType("float64", .f64),
    "HalfStorage": TorchType("float16", .f16), "BFloat16Storage": TorchType("bfloat16", .bf16),
    "LongStorage": TorchType("int64", .i64), "IntStorage": TorchType("int32", .i32),
    "ShortStorage": TorchType("int16", .i16), "CharStorage": TorchType("int8", .i8),
    "ByteStorage": TorchType("uint8", .u8), "BoolStorage": TorchType("bool", .bool),
    "ComplexFloatStorage": TorchType("complex64", .c64), "ComplexDoubleStorage": TorchType("complex128", nil, 16),
    "QInt8Storage": TorchType("qint8", nil), "QUInt8Storage": TorchType("quint8", nil),
    "QInt32Storage": TorchType("qint32", nil, 4), "QUInt4x2Storage": TorchType("quint4x2", nil),
    "QUInt2x4Storage": TorchType("quint2x4", nil), "UntypedStorage": untyped,
  ]

  /// Types that tensors name themselves.
  private static let types: [String: TorchType] = {
    var types = Dictionary(uniqueKeysWithValues: classes.values.filter { $0 != untyped }.map { ($0.name, $0) })
    for (name, stored) in [
      ("uint16", StoredType.u16), ("uint32", .u32), ("uint64", .u64), ("float8_e4m3fn", .f8e4m3),
      ("float8_e5m2", .f8e5m2), ("float8_e4m3fnuz", .f8e4m3fnuz), ("float8_e5m2fnuz", .f8e5m2fnuz),
      ("float8_e8m0fnu", .f8e8m0),
    ] { types[name] = TorchType(name, stored) }
    types["complex32"] = TorchType("complex32", nil, 4)
    return types
  }()

  /// The type of a storage by the name of its class.
  init?(storage name: PickleName) {
    guard name.module == "torch" || name.module == "torch.storage", let type = Self.classes[name.name] else {
      return nil
    }
    self = type
  }

  /// A type by its own name, as `torch.float32`.
  init?(element name: PickleName) {
    guard name.module == "torch", let type = Self.types[name.name] else { return nil }
    self = type
  }

  /// How PyTorch writes a type of safetensors: its name, and the class of its storage where it has one of its own.
  static func written(_ stored: StoredType) -> (name: String, storageClass: String?)? {
    guard let type = types.values.first(where: { $0.stored == stored }) else { return nil }
    return (type.name, classes.first { $0.value == type }?.key)
  }
}
