import Foundation

/// Elements that lie in a block with any strides, put into a row.
enum StridedBytes {
  /// The elements of a tensor, the last index fastest.
  ///
  /// - Parameters:
  ///   - tensor: known to lie within the block.
  ///   - block: the bytes of its storage.
  ///   - isSwapped: whether the bytes of a number come most significant first.
  /// - Returns: little-endian; a part of the block where the tensor lies there in a row.
  static func row(of tensor: TorchTensor, in block: Data, isSwapped: Bool) -> Data {
    guard tensor.count > 0 else { return Data() }
    let width = tensor.type.width
    var result: Data
    if isContiguous(tensor) {
      let start = block.startIndex + tensor.offset * width
      result = block[start..<start + tensor.count * width]
    } else {
      result = gathered(tensor, block)
    }
    // A complex number is two numbers.
    let part = tensor.type.stored == .c64 ? 4 : width
    if isSwapped, part > 1 { result = swapped(result, width: part) }
    return result
  }

  private static func isContiguous(_ tensor: TorchTensor) -> Bool {
    var expected = 1
    for (extent, stride) in zip(tensor.shape, tensor.strides).reversed() where extent != 1 {
      guard stride == expected else { return false }
      expected *= extent
    }
    return true
  }

  private static func gathered(_ tensor: TorchTensor, _ block: Data) -> Data {
    var result = Data(count: tensor.count * tensor.type.width)
    result.withUnsafeMutableBytes { target in
      block.withUnsafeBytes { source in
        switch tensor.type.width {
        case 1: copy(tensor, source.bindMemory(to: UInt8.self), target.bindMemory(to: UInt8.self))
        case 2: copy(tensor, of: UInt16.self, source, target)
        case 4: copy(tensor, of: UInt32.self, source, target)
        default: copy(tensor, of: UInt64.self, source, target)
        }
      }
    }
    return result
  }

  private static func copy(
    _ tensor: TorchTensor, _ source: UnsafeBufferPointer<UInt8>, _ target: UnsafeMutableBufferPointer<UInt8>
  ) {
    each(tensor) { to, from in target[to] = source[from] }
  }

  private static func copy<T: BitwiseCopyable>(
    _ tensor: TorchTensor, of type: T.Type, _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer
  ) {
    let size = MemoryLayout<T>.size
    each(tensor) { to, from in
      target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: from * size, as: type), toByteOffset: to * size, as: type)
    }
  }

  /// Calls with the place of each element in a row and in the block, both in elements.
  private static func each(_ tensor: TorchTensor, _ body: (_ to: Int, _ from: Int) -> Void) {
    let axes = zip(tensor.shape, tensor.strides).filter { $0.0 != 1 }.map { (extent: $0.0, stride: $0.1) }
    guard let inner = axes.last else { return body(0, tensor.offset) }
    var place = [Int](repeating: 0, count: axes.count)
    var (to, from) = (0, tensor.offset)
    while true {
      for step in 0..<inner.extent { body(to + step, from + step * inner.stride) }
      to += inner.extent
      var axis = axes.count - 2
      while axis >= 0 {
        place[axis] += 1
        from += axes[axis].stride
        if place[axis] < axes[axis].extent { break }
        from -= axes[axis].stride * axes[axis].extent
        place[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  private static func swapped(_ bytes: Data, width: Int) -> Data {
    var result = Data(bytes)
    result.withUnsafeMutableBytes { target in
      for start in stride(from: 0, to: target.count, by: width) {
        target[start..<start + width].reverse()
      }
    }
    return result
  }
}
