/// Which names a pickle may have, and what they mean.
enum PickleDialect: Sendable {
  /// Plain data and arrays of NumPy: any other name is refused.
  case arrays
  /// What `torch.save` writes: PyTorch's own names have a meaning, names of programs that run other programs are
  /// refused, and all others become inert records.
  case weights

  /// Whether a pickle may have the name at all.
  func allows(_ name: PickleName) -> Bool {
    switch self {
    case .arrays: PickleCallable.isKnown(name)
    case .weights: !PickleMalice.isLikely(name)
    }
  }

  /// What a call would give.
  ///
  /// - Returns: nil where the arguments are others than those that Python writes.
  /// - Throws: ``TorchTensor/Problem`` for a tensor that cannot be.
  func result(of name: PickleName, _ arguments: [PickleValue], _ arena: PickleArena) throws -> PickleValue? {
    switch self {
    case .arrays: PickleCallable(name)?.result(arguments)
    case .weights:
      if let callable = TorchCallable(name) {
        try callable.result(arguments, arena)
      } else {
        .record(arena.record(name, arguments))
      }
    }
  }

  /// Gives an object the state that BUILD has for it.
  ///
  /// - Returns: whether it is a state that Python writes for such an object.
  func build(_ object: PickleValue, _ state: PickleValue) -> Bool {
    guard self == .weights else { return PickleCallable.build(object, state) }
    switch object {
    case .record(let record):
      record.state = state
      return true
    // PyTorch gives the ordered dictionary of a state its version numbers.
    case .container(let container):
      guard container.kind == .dictionary, case .container(let attributes) = state else { return false }
      return attributes.kind == .dictionary
    default: return false
    }
  }
}

/// Names that no file of weights has for a good reason: they run programs, or code that the file brings along.
enum PickleMalice {
  /// With all that lies below them.
  private static let packages: Set = [
    "os", "posix", "posixpath", "nt", "ntpath", "subprocess", "_posixsubprocess", "sys", "shutil", "socket", "runpy",
    "importlib", "pty", "ctypes", "pickle", "_pickle", "cPickle", "marshal", "builtins", "__builtin__",
  ]
  /// A project may have packages of these names, but no modules that are only this.
  private static let modules: Set = [
    "code", "codeop", "timeit", "cProfile", "profile", "pdb", "bdb", "platform", "commands", "popen2", "webbrowser",
    "pip", "types", "operator", "_operator", "io", "_io", "tempfile", "pkgutil", "zipimport", "torch.hub",
    "torch.serialization", "torch.jit", "numpy.testing._private.utils",
  ]
  /// Of these modules, what only makes values.
  private static let harmless: Set = [
    "set", "frozenset", "bytearray", "bytes", "complex", "object", "list", "dict", "tuple", "str", "unicode", "int",
    "long", "float", "bool", "slice", "range", "xrange", "type", "getattr", "print", "len", "max", "min", "sum", "abs",
    "round", "SimpleNamespace", "attrgetter", "itemgetter", "BytesIO", "StringIO", "NoneType", "float_info",
    "Ellipsis", "_get_layout",
  ]

  static func isLikely(_ name: PickleName) -> Bool {
    let top = name.module.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
    return (packages.contains(top ?? "") || modules.contains(name.module)) && !harmless.contains(name.name)
  }
}
