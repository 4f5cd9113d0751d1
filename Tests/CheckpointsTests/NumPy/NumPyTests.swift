import Checkpoints
import Foundation
import Support
import TestSupport
import Testing

@Suite("NumPy files") struct NumPyTests {
  @Test("give NumPy's own arrays, in C order", .tags(.golden), arguments: try Golden.cases("numpy-files"))
  func golden(_ golden: GoldenCase) throws {
    let data = try golden.stored("file").bytes
    guard golden.operation == "array" else { return try archive(data) }
    let array = try NumPyArray.read(data, named: "x", path: "x.npy")
    #expect(try array.shape == golden.integers("shape"))
    let expected = try golden.stored("values")
    switch array.type {
    case .c64:
      let parts = StoredTensor(name: "x", type: .f32, shape: array.shape + [2], bytes: array.bytes)
      #expect(try parts.doubles() == expected.doubles())
    case .f16, .f32, .f64: #expect(try array.doubles() == expected.doubles())
    default: #expect(try array.integers() == expected.integers())
    }
  }

  private func archive(_ data: Data) throws {
    let archive = try NumPyArchive(data, path: "x.npz")
    let expected = try Golden.load("numpy-files")
    #expect(archive.names.suffix(2) == ["images", "labels"])
    #expect(try Data(archive.array("images").bytes) == Data(#require(expected["archive/images"]).bytes))
    #expect(try archive.array("images").shape == [5, 4, 6, 3])
    #expect(try archive.array("labels").integers() == #require(expected["archive/labels"]).integers())
    guard archive.names.contains("bad") else { return }
    let line = #expect(throws: InputError.self) { _ = try archive.array("bad") }
    #expect(line?.description.hasPrefix("x.npz: entry 'bad.npy': holds Python objects; numbers are read") == true)
    #expect(throws: InputError.self) { _ = try archive.array("image") }
  }

  @Test("know the code of each type that NumPy has")
  func codes() throws {
    for type in StoredType.allCases {
      guard let code = NumPyType.code(of: type) else {
        #expect(type == .bf16 || type.rawValue.hasPrefix("F8") || type.bits < 8)
        continue
      }
      #expect(try NumPyType(code: code, at: "x") == NumPyType(type))
    }
    #expect(try NumPyType(code: ">i4", at: "x") == NumPyType(.i32, isBigEndian: true))
  }
}
