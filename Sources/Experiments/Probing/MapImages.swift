import Analysis
import Datasets
import Models
import Support

/// A network, and the images whose maps are asked for as it takes them.
struct MapSubject {
  /// The checkpoint as it was named.
  let name: String
  /// Frozen.
  let network: any Network
  /// Of its training.
  let normalization: Normalization
  /// The images.
  let images: MapImages
}

/// Images whose maps are asked for, and the pictures by which place and object are told apart.
struct MapImages {
  /// What they are called in messages.
  let name: String
  /// The option that names them.
  let place: String
  /// Those that are measured, and of whose features the variance is.
  let set: ImageSet
  /// Those that are scrambled.
  let training: ImageSet
  /// Makes pictures of the same kind without an object; nil where none can be made.
  let backgrounds: DataSplits.Backgrounds?

  /// Images of a data set.
  ///
  /// - Parameters:
  ///   - set: some of its images.
  ///   - data: the data set.
  init(_ set: ImageSet, of data: ProbeData) {
    (name, place) = (data.name, "--data")
    self.set = set
    training = data.splits.train
    backgrounds = data.splits.backgrounds
  }

  /// Photos, of which nothing is known but what they show.
  init(photos set: ImageSet) {
    (name, place) = ("photos", "--images")
    self.set = set
    training = set
    backgrounds = nil
  }

  /// Height, width and colours: images of one source that have one shape are the same.
  var shape: [Int] { [set.height, set.width, set.channels] }

  /// Those that are measured.
  ///
  /// - Parameters:
  ///   - count: number of images.
  ///   - grid: cells along each side.
  /// - Returns: the images, evenly over their classes where they have masks.
  /// - Throws: ``InputError`` if there is none with cells of both object and background.
  func probe(count: Int, grid: Int) throws -> ProbeSet {
    guard set.masks != nil else { return ProbeSet(anyOf: set, count: count, grid: grid) }
    let probe = ProbeSet(set, count: count, grid: grid)
    guard !probe.images.isEmpty else {
      throw InputError(
        place, "no image of \(name) that is asked about has cells of both object and background",
        remedy: "maps are of images whose masks are neither empty nor full; a larger --grid has smaller cells")
    }
    return probe
  }

  /// The pictures without an object; nil where none are asked for.
  ///
  /// - Parameters:
  ///   - correction: how maps lose what a cell's place decides.
  ///   - count: number of pictures.
  ///   - grid: cells along each side.
  /// - Returns: the pictures.
  /// - Throws: ``InputError`` if there are none.
  func objectFree(_ correction: PositionCorrection, count: Int, grid: Int) throws -> ProbeSet? {
    switch correction {
    case .none, .fit: return nil
    case .scrambled: return ProbeSet(anyOf: training.scrambled(count: count, seed: 1), count: count, grid: grid)
    case .background:
      guard let backgrounds else {
        throw InputError(
          "--position", "of \(name) no background without an object can be drawn", remedy: "take scrambled")
      }
      return ProbeSet(anyOf: backgrounds(count), count: count, grid: grid)
    }
  }
}
