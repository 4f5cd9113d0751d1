import Datasets
import Distillation
import Tensors
import Testing
import Training

@Suite("Images as they are shown")
struct ShownImagesTests {
  private let data = TinyData.splits

  private func batch(_ view: BatchView, epoch: Int = 1) -> Batch {
    ImageSamples(data, augmentation: Augmentation(padCrop: 3, flip: true), seed: 5)
      .batch(BatchRequest(indices: [3, 40, 77, 5][...], view: view, epoch: epoch))
  }

  @Test("to a teacher clean are those that are stored; to a student they stay as the recipe augments them")
  func clean() throws {
    let both = batch(.taught(.clean))
    #expect(both.images.floats == batch(.ordinary).images.floats)
    let stored = BatchMaker(data.train, normalization: data.normalization, augmentation: nil, seed: 0)
      .images([3, 40, 77, 5][...])
    #expect(both.secondImages?.floats == stored.floats)
    #expect(both.images.floats != stored.floats)
    #expect(both.labels == [3, 40, 77, 5].map { Int(data.train.labels[$0]) })
  }

  @Test("to a teacher by draws of its own differ from the student's, and from epoch to epoch")
  func another() {
    let both = batch(.taught(.another))
    #expect(both.images.floats == batch(.ordinary).images.floats)
    #expect(both.secondImages?.floats != both.images.floats)
    #expect(both.secondImages?.floats == batch(.taught(.another)).secondImages?.floats)
    #expect(both.secondImages?.floats != batch(.taught(.another), epoch: 2).secondImages?.floats)
  }

  @Test("without some classes are others in their places, and all others stay in theirs")
  func omitted() {
    let left = data.omitting([2, 7])
    #expect(left.train.count == data.train.count)
    let labels = left.train.labels
    #expect(!labels.contains(2) && !labels.contains(7))
    let size = data.train.imageSize
    for index in labels.indices where ![2, 7].contains(data.train.labels[index]) {
      #expect(labels[index] == data.train.labels[index])
      #expect(
        left.train.pixels[index * size..<(index + 1) * size] == data.train.pixels[index * size..<(index + 1) * size])
    }
    // The others take the free places by turns: none is shown twice more often than another.
    let counts = left.train.classCounts
    #expect(counts[2] == 0 && counts[7] == 0)
    #expect(left.development.labels == data.development.labels && left.normalization == data.normalization)
    #expect(data.omitting([]).train.labels == data.train.labels)
  }
}
