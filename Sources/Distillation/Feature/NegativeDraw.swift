import Tensors

/// The training images by class.
package struct ClassMembers: Sendable {
  /// Images by rising class.
  private let images: [Int]
  /// Where each class lies among them.
  private let places: [Range<Int>]

  /// - Parameter labels: of all training images, from 0.
  package init(_ labels: [Int]) {
    var starts = [Int](repeating: 0, count: (labels.max() ?? -1) + 2)
    for label in labels { starts[label + 1] += 1 }
    for label in starts.indices.dropFirst() { starts[label] += starts[label - 1] }
    places = zip(starts, starts.dropFirst()).map { $0..<$1 }
    var (sorted, next) = ([Int](repeating: 0, count: labels.count), starts)
    for (index, label) in labels.enumerated() {
      sorted[next[label]] = index
      next[label] += 1
    }
    images = sorted
  }

  /// Images of all classes.
  package var count: Int { images.count }
  /// Images of the class that has most.
  package var largest: Int { places.map(\.count).max() ?? 0 }

  /// An image of a class.
  package func member(of label: Int, using generator: inout RandomGenerator) -> Int {
    images[places[label].lowerBound + generator.index(below: places[label].count)]
  }

  /// Images of other classes.
  package func others(than label: Int) -> Int { count - places[label].count }

  /// One of the images of other classes, from 0.
  package func other(_ place: Int, than label: Int) -> Int {
    let own = places[label]
    return images[place < own.lowerBound ? place : place + own.count]
  }
}

/// Draws negatives, one image after the other; keeps what it needs for that.
package struct NegativeDraw {
  private let classes: ClassMembers
  private var isDrawn: [Bool]
  private var pool: [Int] = []

  package init(_ classes: ClassMembers) {
    self.classes = classes
    isDrawn = Array(repeating: false, count: classes.count)
  }

  /// Writes images of other classes, each once, or with replacement where there are too few.
  package mutating func write(
    _ target: UnsafeMutableBufferPointer<Int>, besides label: Int, using generator: inout RandomGenerator
  ) {
    let available = classes.others(than: label)
    if target.count > available {
      for place in target.indices {
        let drawn = generator.index(below: available)
        target.initializeElement(at: place, to: classes.other(drawn, than: label))
      }
    } else if target.count * 4 > available {
      // So many that most would be drawn twice: shuffle those that there are.
      pool.removeAll(keepingCapacity: true)
      pool.append(contentsOf: 0..<available)
      for place in target.indices {
        pool.swapAt(place, place + generator.index(below: available - place))
        target.initializeElement(at: place, to: classes.other(pool[place], than: label))
      }
    } else {
      for place in target.indices {
        var candidate: Int
        repeat { candidate = generator.index(below: available) } while isDrawn[candidate]
        isDrawn[candidate] = true
        target.initializeElement(at: place, to: candidate)
      }
      for place in target.indices {
        isDrawn[target[place]] = false
        target[place] = classes.other(target[place], than: label)
      }
    }
  }
}
