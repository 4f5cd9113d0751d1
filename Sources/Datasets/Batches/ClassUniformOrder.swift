import Support
import Tensors

extension BatchMaker {
  /// The order of an epoch whose batches hold as many images of each of their classes.
  ///
  /// Classes are dealt like cards: all once, before one comes a second time; so are the images of a class. A batch has no
  /// class and no image twice.
  ///
  /// - Parameters:
  ///   - labels: class of each image; every class that occurs has at least `imagesPerClass` images.
  ///   - steps: batches of the epoch.
  ///   - batch: images of each, a multiple of `imagesPerClass`.
  ///   - imagesPerClass: images of each class of a batch; they follow each other.
  ///   - seed: of the run.
  ///   - epoch: each epoch has its own order.
  /// - Returns: steps · batch positions in `labels`; a batch is a whole piece of it.
  public static func classUniformOrder(
    labels: [Int], steps: Int, batch: Int, imagesPerClass: Int, seed: UInt64, epoch: Int
  ) -> [Int] {
    let members = Dictionary(grouping: labels.indices) { labels[$0] }
    let classesPerBatch = batch / imagesPerClass
    precondition(
      batch % imagesPerClass == 0 && classesPerBatch <= members.count
        && members.values.allSatisfy { $0.count >= imagesPerClass },
      "classUniformOrder: batches of \(batch) with \(imagesPerClass) images of each of \(members.count) classes")
    var random = RandomGenerator(Philox(seed: seed).split(.order, epoch))
    var classes = Deck(members.keys.sorted())
    var decks = members.mapValues { Deck($0) }
    return (0..<steps).flatMap { _ in
      classes.deal(classesPerBatch, &random).flatMap { decks[$0]?.deal(imagesPerClass, &random) ?? [] }
    }
  }
}

/// Cards that are dealt in hands, and shuffled when they run out.
private struct Deck {
  private let cards: [Int]
  private var rest: ArraySlice<Int> = []

  init(_ cards: [Int]) { self.cards = cards }

  /// The next cards, each another one: what was left comes first, and not again in the same hand.
  mutating func deal(_ count: Int, _ random: inout RandomGenerator) -> ArraySlice<Int> {
    if rest.count < count {
      var fresh = cards
      fresh.shuffle(with: &random)
      let left = Set(rest)
      rest += fresh.filter { !left.contains($0) } + fresh.filter { left.contains($0) }
    }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
