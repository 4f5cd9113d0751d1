import Distillation
import Experiments
import Foundation
import Support
import TestSupport
import Testing

@Suite("The recipe of a comparison")
struct ComparisonRecipeTests {
  private static let plain = """
    data: { set: part-shapes, size: 16, train: 64, development: 40, test: 24 }
    teacher: { model: resnet8 }
    student: { model: cnn2 }
    training: { epochs: 2 }

    """

  private func compared(
    _ methods: [String], _ yaml: String? = plain, _ overrides: [String] = [], quick: Bool = false
  ) throws -> ComparedRecipe {
    guard let yaml else { return try Recipe.comparison(of: methods, path: nil, overrides: overrides, quick: quick) }
    return try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("tiny.yaml")
      try Data(yaml.utf8).write(to: file)
      return try Recipe.comparison(of: methods, path: file.path, overrides: overrides, quick: quick)
    }
  }

  private func student(_ method: String, _ overrides: [String] = []) throws -> StudentRecipe {
    let students = try compared([method], Self.plain, overrides).recipe.students
    return try #require(students.last)
  }

  @Test(
    "names a student by what differs from the method's defaults, however it is written",
    arguments: [
      ("kd", "kd"), ("kd:temperature=4.0,weight=0.90", "kd"), ("kd:temperature=8", "kd.temperature-8"),
      ("kd:weight=2,temperature=8", "kd.temperature-8.weight-2"), ("kd+logits", "kd_logits"),
      ("kd:labels=0.5", "kd.labels-0.5"), ("kd:labels=0.1", "kd"), ("logits:labels=1", "logits.labels-1"),
      ("feature-l2:layers=[conv2,layer2]", "feature-l2.layers-conv2-layer2"), ("kd:weight=1e+1", "kd.weight-10"),
    ])
  func names(_ written: String, _ name: String) throws {
    #expect(try student(written).name == name)
  }

  @Test("takes weights from the method's entry, then from the argument")
  func weights() throws {
    let kd = try student("kd")
    #expect(kd.labelWeight == 0.1 && kd.terms.map(\.weight) == [0.9])
    let sum = try student("logits+kd:weight=3")
    #expect(sum.labelWeight == 0.1 && sum.terms.map(\.method) == ["logits", "kd"] && sum.terms[1].weight == 3)
    #expect(try student("logits").labelWeight == 1)
    #expect(try student("logits", ["labels.weight=0.5"]).labelWeight == 0.5)
    #expect(try student("kd", ["labels.weight=0.5"]).labelWeight == 0.1)
    #expect(try student("logits:labels=0.25", ["labels.weight=0.5"]).labelWeight == 0.25)
  }

  @Test(
    "has plain kd, and baseline beside the students", arguments: [(["logits"], ["kd", "logits"]), (["kd"], ["kd"])])
  func plainMethod(_ methods: [String], _ students: [String]) throws {
    #expect(try compared(methods).recipe.students.map(\.name) == students)
  }

  /// Methods that ask for a file, or for other networks than the built-in ones.
  private static let particular = ["ca-mkd", "rocket"]

  @Test("can be made with every method as its entry has it", arguments: MethodRegistry.entries.map(\.name))
  func every(_ method: String) throws {
    guard !Self.particular.contains(method) else {
      #expect(throws: InputError.self) { try compared([method], nil) }
      return
    }
    let student = try #require(try compared([method], nil).recipe.students.last)
    #expect(student.name == method && student.terms.count == 1)
    // The line of the entry is what is trained.
    let line = MethodRegistry.entries.first { $0.name == method }?.facts.first { $0.key == "recipe" }?.value ?? ""
    #expect(!line.contains("weight: ") || line.contains("weight: \(OptionValue.number(student.terms[0].weight))"))
  }

  @Test("sets terms of the recipe aside, with the weight of the labels beside them")
  func asideTerms() throws {
    let own = Self.plain + "name: own\nlabels: { weight: 0.3 }\ndistillation: [ { method: kd, weight: 7 } ]\n"
    let result = try compared(["logits"], own)
    #expect(result.hadTerms && result.recipe.name == "own-comparison")
    #expect(result.recipe.students.map(\.labelWeight) == [0.1, 1])
    #expect(result.recipe.students[0].terms[0].weight == 0.9)
    #expect(try !compared(["logits"]).hadTerms)
    #expect(try compared(["logits"]).recipe.name == "tiny")
    #expect(try compared(["logits"], own, ["name=mine"]).recipe.name == "mine")
    #expect(try compared(["logits"], nil, quick: true).recipe.name == "partshapes-quick-comparison")
  }

  @Test(
    "is refused where something cannot be",
    arguments: [
      (["kdd"], [], "compare: there is no method 'kdd'; did you mean 'kd'?"),
      (["kd:temprature=3"], [], "compare kd:temprature=3: 'temprature' is no key of kd; did you mean"),
      (["kd:temperature=0"], [], "compare kd:temperature=0: temperature is 0; it takes a number from 0.05 to 1000"),
      (["kd:temperature"], [], "compare kd:temperature: 'temperature' has no value; write NAME:key=value"),
      (["kd:temperature="], [], "compare kd:temperature=: 'temperature=' has no value"),
      (["kd", "kd:weight=0.9"], [], "compare kd:weight=0.9: this method is given twice; keep one"),
      (["kd+"], [], "compare: there is no method ''"), ([""], [], "compare: there is no method ''"),
      (["feature-l2:layers=[conv9]"], [], "compare feature-l2:layers=[conv9]: "),
      (["fsp"], [], "compare fsp: "),
      (["kd"], ["distillation.0.weight=2"], "--set distillation.0.weight: compare takes methods from its arguments"),
      (["kd"], ["students.kd.labels.weight=2"], "--set students.kd.labels.weight: compare takes methods"),
    ])
  func refusals(_ methods: [String], _ overrides: [String], _ line: String) {
    let error = #expect(throws: InputError.self) { try compared(methods, Self.plain, overrides) }
    #expect(error?.description.hasPrefix(line) == true, "\(error?.description ?? "")")
  }
}
