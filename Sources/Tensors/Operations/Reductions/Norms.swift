import Support

extension Tensor {
  /// The standard deviation along axes; divided by n − 1 if unbiased. Where all values are equal its gradient is 0.
  public func standardDeviation(alongAxes axes: [Int], unbiased: Bool = false, keepsAxes: Bool = false) -> Tensor {
    let number = Set(axes.map { shape.normalized($0, "standardDeviation") }).reduce(1) { $0 * shape[$1] }
    let centred = self - mean(alongAxes: axes, keepsAxes: true)
    return centred.norm(alongAxes: axes, keepsAxes: keepsAxes) / Float(unbiased ? number - 1 : number).squareRoot()
  }

  /// The L2 norm along axes, whatever the size of the values: their squares are summed in double precision, and the root
  /// is taken before anything is rounded. At a vector of zeros its gradient is 0, as in PyTorch.
  public func norm(alongAxes axes: [Int], keepsAxes: Bool = false) -> Tensor {
    // Along further axes the lengths of lengths: their squares are never stored either.
    let (output, kept) = reduced("norm", axes, keepsAxes, Length(), then: Length())
    let result = output.detached()
    return output.recorded("norm", [self], isRecordable: true) { gradient in
      let norm = isRecording ? self.norm(alongAxes: axes, keepsAxes: true) : result.reshaped(kept)
      return [gradient.reshaped(kept) * (self / norm.asDivisor)]
    }
  }

  /// The vectors along one axis at length 1: x / ‖x‖, and 0 for the vector of zeros.
  ///
  /// Every vector but that of zeros has the gradient of x / ‖x‖, (g − y ⟨y, g⟩) / ‖x‖, however short it is; that of zeros has
  /// the gradient 0. PyTorch's `normalize` divides by 1e-12 where a vector is shorter than that.
  ///
  /// - Parameter axis: along which the vectors lie.
  /// - Returns: a tensor of this shape.
  public func normalized(alongAxis axis: Int) -> Tensor {
    let lengths = withoutRecording { norm(alongAxes: [axis], keepsAxes: true).asDivisor }
    let output = withoutRecording { detached() / lengths }
    let result = output.detached()
    return output.recorded("normalized", [self], isRecordable: true) { gradient in
      let lengths = isRecording ? self.norm(alongAxes: [axis], keepsAxes: true).asDivisor : lengths
      let unit = isRecording ? self.normalized(alongAxis: axis) : result
      return [(gradient - unit * (gradient * unit).sum(alongAxes: [axis], keepsAxes: true)) / lengths]
    }
  }

  /// These lengths, and ∞ for 0: what is divided by it becomes 0, and its gradient too.
  private var asDivisor: Tensor {
    let isNone = mask { $0 == 0 }
    return isNone.withFloats({ $0.contains(1) }) ? chosen(where: isNone, Tensor(.infinity), self) : self
  }
}
