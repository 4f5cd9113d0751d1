import Distillation
import Models
import Support
import Testing

@Suite("Inter-channel correlation on a grid")
struct ChannelGridTests {
  @Test(
    "is refused before the training where one network's map cannot be cut",
    arguments: [("resnet8", "resnet14", 3, 1, "layer3", "4×4"), ("resnet8", "vgg8", 4, 4, "", "")])
  func refused(_ own: String, _ other: String, _ rows: Int, _ columns: Int, _ layer: String, _ size: String) throws {
    let (student, teacher) = (try network(own, seed: 1), try network(other, seed: 2))
    let error = #expect(throws: InputError.self) {
      try MethodRegistry.make(
        "ickd", ["grid-rows": .number(Double(rows)), "grid-columns": .number(Double(columns))],
        setup(student, teacher))
    }
    let line = try #require(error).description
    #expect(line.hasPrefix("r.yaml:5:3: ") && line.contains("which a grid of \(rows)×\(columns) does not divide"))
    #expect(line.hasSuffix("; grid-rows and grid-columns must divide height and width"))
    #expect(layer.isEmpty || line.contains("\(layer) is \(size),"), "\(line)")
  }

  @Test("is the plain one where the grid has one patch, another one where it has more")
  func patches() throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
    func value(_ options: [String: OptionValue]) throws -> Float {
      let method = try MethodRegistry.make("ickd", options, setup(student, teacher))
      return method.loss(method.step(student, teacher, batch(4))).item
    }
    let plain = try value([:])
    #expect(try value(["grid-rows": .number(1), "grid-columns": .number(1)]) == plain)
    #expect(try value(["grid-rows": .number(2), "grid-columns": .number(2)]) != plain)
  }
}
