import Support

/// A block of numbers that lies beside a pickle of PyTorch; tensors are views of it.
public final class TorchStorage: Sendable {
  /// A part of another block, as files before PyTorch 0.4 have it, in elements.
  struct View: Sendable, Equatable {
    let key: String
    let offset: Int
    let count: Int
  }

  /// What the file calls it.
  let key: String
  let type: TorchType
  /// Bytes of the whole block.
  let bytes: Int
  /// The part of the block that this storage is; nil for all.
  let view: View?

  /// Nil for what PyTorch does not write.
  ///
  /// - Parameter description: what the pickle says: "storage", class, key, place, elements, and perhaps a view.
  init?(_ description: [PickleValue]) {
    guard (5...6).contains(description.count), case .name(let name) = description[1],
      let type = TorchType(storage: name), let key = description[2].word, case .integer(let count) = description[4],
      count >= 0
    else { return nil }
    let (bytes, overflow) = Int(count).multipliedReportingOverflow(by: type.width)
    guard !overflow else { return nil }
    var view: View?
    if description.count == 6, case .tuple(let parts) = description[5] {
      guard parts.elements.count == 3, let key = parts.elements[0].word, case .integer(let offset) = parts.elements[1],
        case .integer(let size) = parts.elements[2], offset >= 0, size >= 0, offset <= count, size <= count - offset
      else { return nil }
      view = View(key: key, offset: Int(offset), count: Int(size))
    }
    (self.key, self.type, self.bytes, self.view) = (key, type, bytes, view)
  }

  /// Where its own bytes begin in the block, and how many they are.
  var range: Range<Int> {
    guard let view else { return 0..<bytes }
    return view.offset * type.width..<(view.offset + view.count) * type.width
  }
}

/// A tensor of PyTorch: a view of a storage, any strides.
public final class TorchTensor: Sendable {
  /// Why there can be no such tensor.
  struct Problem: Error {
    let text: String
  }

  let storage: TorchStorage
  let type: TorchType
  /// In elements, from the storage's first.
  let offset: Int
  let shape: [Int]
  let strides: [Int]
  /// Whether its values are others than those that lie there: conjugated or negated when it is read.
  let isTransformed: Bool

  /// Number of elements.
  let count: Int

  /// - Throws: ``Problem`` for one that reaches beyond its storage.
  init(
    _ storage: TorchStorage, type: TorchType?, offset: Int64, shape: [Int64], strides: [Int64], isTransformed: Bool
  ) throws {
    let type = type ?? storage.type
    guard shape.count <= 64 else { throw Problem(text: "a tensor has \(shape.count) axes; at most 64 are read") }
    guard shape.count == strides.count, offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 })
    else { throw Problem(text: "a tensor has a negative offset, extent or stride, or not one stride for each axis") }
    var count: Int64 = 1
    for extent in shape where extent > 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= Int64.max / 64 else {
        throw Problem(text: "a tensor has more elements than any memory")
      }
      count = product
    }
    let isEmpty = shape.contains(0)
    if !isEmpty {
      var last = offset
      for (extent, stride) in zip(shape, strides) {
        let (reach, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
        let (sum, carried) = last.addingReportingOverflow(reach)
        guard !overflow, !carried else { throw Problem(text: "a tensor reaches beyond any memory") }
        last = sum
      }
      guard last < Int64(storage.range.count / type.width) else {
        throw Problem(
          text: "a tensor reaches to element \(last) of storage \(inQuotes(storage.key)), which has "
            + "\(storage.range.count / type.width)")
      }
    }
    (self.storage, self.type, self.offset) = (storage, type, Int(offset))
    (self.shape, self.strides) = (shape.map(Int.init), strides.map(Int.init))
    (self.isTransformed, self.count) = (isTransformed, isEmpty ? 0 : Int(count))
  }
}
