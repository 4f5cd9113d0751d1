import Support
import Testing

@Suite("What a program adds to a catalogue")
struct AdditionsTests {
  @Test("is kept in order")
  func order() throws {
    let additions = Additions<Int>()
    try additions.add(2, listedAs: CatalogEntry("two", "a number"), besides: ["one"], kind: "number")
    try additions.add(3, listedAs: CatalogEntry("three-3", "a number"), besides: ["one", "two"], kind: "number")
    #expect(additions.all == [2, 3])
  }

  @Test(
    "is refused under a name that is taken, or that no recipe could have", arguments: ["one", "My", "", "a b", "-a"])
  func refused(_ name: String) {
    let additions = Additions<Int>()
    #expect(throws: InputError.self) {
      try additions.add(1, listedAs: CatalogEntry(name, "a number"), besides: ["one"], kind: "number")
    }
    #expect(additions.all.isEmpty)
  }
}
