import Workloads
import Tensors
let s = TrainingStep()
for _ in 0..<5 { print(s.step()) }
let clock = ContinuousClock()
for _ in 0..<6 {
  let t = clock.measure { for _ in 0..<20 { s.step() } }
  print("ms/step", Double(t.components.attoseconds) / 1e15 / 20 + Double(t.components.seconds) * 1000 / 20, StoragePool.bytesFromSystem >> 20, StoragePool.systemRequests)
}
