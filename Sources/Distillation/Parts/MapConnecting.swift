import NeuralNetworks
import Tensors

/// A trained part that brings a student's map to the teacher's form.
protocol MapConnecting {
  /// The map in the teacher's channels, and size where the part changes it.
  func connected(_ map: Tensor, _ pass: ForwardPass) -> Tensor
}

extension Connector: MapConnecting {
  func connected(_ map: Tensor, _ pass: ForwardPass) -> Tensor { self(map, pass) }
}

extension Regressor: MapConnecting {
  func connected(_ map: Tensor, _ pass: ForwardPass) -> Tensor { self(map, pass) }
}
