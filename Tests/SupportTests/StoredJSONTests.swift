import Foundation
import Support
import Testing

@Suite("Stored JSON")
struct StoredJSONTests {
  @Test(
    "keeps numbers to the last bit, and those that are none", arguments: [0.1, .infinity, -.infinity, .nan, 5e-324])
  func numbers(_ number: Double) throws {
    let stored = try JSONEncoder.ofStoredValues.encode(["loss": [number]])
    let read = try JSONDecoder.ofStoredValues.decode([String: [Double]].self, from: stored)
    let value = try #require(read["loss"]?.first)
    #expect(value == number || value.isNaN && number.isNaN)
  }

  @Test("has its keys in order, so that the same value has the same bytes")
  func order() throws {
    let stored = try JSONEncoder.ofStoredValues.encode(["b": 1, "a": 2, "c": 3])
    #expect(String(decoding: stored, as: UTF8.self) == #"{"a":2,"b":1,"c":3}"#)
  }
}
