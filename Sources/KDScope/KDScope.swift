// All that a program of one's own needs, by one import.
@_exported import Analysis
@_exported import Checkpoints
@_exported import Datasets
@_exported import Distillation
@_exported import Experiments
@_exported import Models
@_exported import NeuralNetworks
@_exported import Support
@_exported import Tensors
@_exported import Training
