import NeuralNetworks
import Tensors

/// How most networks end: the mean of each channel (`avgpool`), dropout where there is any, one linear layer (`fc`).
///
/// - Parameters:
///   - x: the last feature map, [batch, height, width, channels].
///   - pass: mode and wanted features.
///   - classifier: channels → classes.
///   - names: of the linear layer.
///   - dropout: share of the means set to zero in training.
/// - Returns: logits [batch, classes].
public func classified(
  _ x: Tensor, _ pass: ForwardPass, by classifier: Linear, as names: [String] = ["fc"], dropout: Float = 0
) -> Tensor {
  if pass.isDone { return x }
  var pooled = globalAveragePooling(x)
  pass.offer(pooled, as: ["avgpool"])
  if pass.isDone { return pooled }
  if dropout > 0, pass.mode == .training { pooled = pooled.dropout(rate: dropout, random: pass.nextRandom()) }
  let logits = classifier(pooled)
  pass.offer(logits, as: names)
  return logits
}

/// A map as the inputs of a linear layer, [batch, height · width · channels], in the order that PyTorch's flattening of
/// [channels, height, width] gives them.
func flattened(_ x: Tensor) -> Tensor {
  x.permuted([0, 3, 1, 2]).reshaped([x.shape[0], x.count / x.shape[0]])
}
