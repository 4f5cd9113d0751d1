import Analysis
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Position profiles")
struct PositionProfileTests {
  private func map(_ entropies: [Float], usable: Bool = true) -> EntropyMap {
    EntropyMap(entropies: entropies, distortion: 0.1, targetDistortion: 0.1, isConverged: usable)
  }

  @Test("are the mean of centred maps, and tell how much of what varies they explain")
  func mean() throws {
    let profile = try #require(
      PositionProfile(objectFree: [map([1, 2, 3]), map([11, 10, 12]), map([9, 0, 0], usable: false)]))
    // Centred: −1 0 1 and 0 −1 1.
    #expect(profile.values == [-0.5, -0.5, 1] && profile.images == 2)
    // Squares 4 in all; left 0.5² four times.
    #expect(try #require(profile.explained) == 1 - 1.0 / 4)
    #expect(PositionProfile(objectFree: [map([1, 2], usable: false)]) == nil)
    #expect(PositionProfile(objectFree: []) == nil)
    #expect(PositionProfile(objectFree: [map([2, 2])])?.explained == nil)
  }

  @Test("come out of a map, which cannot be used where there is none")
  func adjusting() throws {
    let profile = try #require(PositionProfile(objectFree: [map([0, 1, 2])]))
    #expect(map([5, 5, 5]).adjusted(by: profile).entropies == [6, 5, 4])
    #expect(map([5, 5, 5]).adjusted(by: .flat(cells: 3)) == map([5, 5, 5]))
    #expect(!map([5, 5, 5]).adjusted(by: nil).isUsable)
  }

  @Test("are found by least squares beside the object's own effect, whatever the images' levels")
  func fit() throws {
    var random = RandomGenerator(Philox(seed: 3))
    let place = (0..<16).map { sin(Double($0)) }
    let centre = place.reduce(0, +) / 16
    let masks = (0..<12).map { image in (0..<16).map { ($0 + 3 * image) % 16 < 5 } }
    // H = a_i + p_c − g·fg exactly: nothing is left over.
    let maps = masks.map { mask -> EntropyMap in
      let level = Double(random.uniform())
      return map(zip(place, mask).map { Float(level + $0 - ($1 ? 0.8 : 0)) })
    }
    let profile = try #require(PositionProfile.fitted(to: maps, foreground: masks))
    for (found, value) in zip(profile.values, place) { #expect(abs(found - (value - centre)) < 1e-6) }
    #expect(try #require(profile.explained) > 0.999_999)
    let adjusted = maps[0].adjusted(by: profile)
    let regions = try adjusted.regionEntropies(foreground: masks[0]).get()
    #expect(abs(regions.background - regions.foreground - 0.8) < 1e-6)
  }

  @Test("cannot be fitted where the object lies in the same cells of every image")
  func box() {
    let box = publishedBox(grid: 6)
    #expect(PositionProfile.shareOfPlace([box, box, box]) > 0.999)
    #expect(
      PositionProfile.fitted(
        to: Array(repeating: map(Array(repeating: 0, count: 36)), count: 3), foreground: [box, box, box]) == nil)
    let moving = (0..<6).map { image in (0..<36).map { ($0 + 6 * image) % 36 < 6 } }
    #expect(PositionProfile.shareOfPlace(moving) < 0.1)
  }

  /// A linear layer of equal rows with zero padding: a pixel feeds 9 windows inside, 6 at an edge and 4 in a corner, and
  /// the cells' σ² goes with the inverse of their sums 36, 30 and 25.
  @Test("of a convolution with zero padding is what its windows say, for pictures of any kind")
  func padding() throws {
    var small = SmallSolver(settings: EntropySettings(distortion: 0.1, grid: 4, iterations: 16, draws: 32))
    let weight = Tensor(Array(repeating: Float(1), count: 27), shape: [1, 3, 3, 3])
    small.feature = { convolution($0, weight, padding: 1) }
    let profile = try #require(PositionProfile(objectFree: small.solve(SmallSolver.images(12))))
    let inner = [false, true, true, false]
    let expected = (0..<16).map { cell -> Double in
      let (row, column) = (inner[cell / 4], inner[cell % 4])
      return -0.5 * log(row && column ? 36 : row || column ? 30 : 25)
    }
    let centre = expected.reduce(0, +) / 16
    for (found, value) in zip(profile.values, expected) {
      // The corner's is 0.091; twelve maps leave a deviation of about 0.01.
      #expect(abs(found - (value - centre)) < 0.03, "\(found) for \(value - centre)")
    }
    // A map without position does not know where its cells lie.
    let masks = (0..<16).map { inner[$0 / 4] && inner[$0 % 4] }
    let maps = small.solve(SmallSolver.images(4), identifiers: [20, 21, 22, 23])
    let raw = try maps.map { try $0.regionEntropies(foreground: masks).get() }
    let adjusted = try maps.map { try $0.adjusted(by: profile).regionEntropies(foreground: masks).get() }
    #expect(raw.allSatisfy { $0.background - $0.foreground > 0.06 })
    #expect(adjusted.allSatisfy { abs($0.background - $0.foreground) < 0.05 })
  }

  @Test("are each checkpoint's own, and each repeat's")
  func series() throws {
    let images = ProbeImages(indices: [0], foreground: [[true, false, false]])
    let series = EntropySeries(
      role: "baseline", seed: 1, epochs: [0, 2], maps: [[map([1, 1, 1])], [map([1, 2, 3])]], distances: [0, 1],
      repeats: [[map([1, 2, 3])], [map([0, 0, 0])]], objectFree: [[map([0, 1, 2])], [map([0, 0, 3])]],
      objectFreeRepeats: [[map([0, 0, 3])], [map([3, 0, 0])]], times: [0, 1.5])
    let adjusted = series.adjusted(.background, images: images)
    #expect(adjusted.maps.map { $0[0].entropies } == [[2, 1, 0], [2, 3, 1]])
    #expect(adjusted.repeats.map { $0[0].entropies } == [[2, 3, 1], [-2, 1, 1]])
    #expect(adjusted.times == [0, 1.5] && adjusted.distances == [0, 1])
    #expect(series.adjusted(.none, images: images).maps == series.maps)
    #expect(series.profiles(.scrambled, images: images).map { $0?.values } == [[-1, 0, 1], [-1, -1, 2]])
    // Without pictures there is no profile and nothing to be used.
    let bare = EntropySeries(role: "a", seed: 1, epochs: [1], maps: [[map([1, 2, 3])]], distances: [0])
    #expect(!bare.adjusted(.background, images: images).maps[0][0].isUsable)
  }
}
