import Tensors

/// The share of places at which two lists of classes are the same; 0 of none.
func agreement(_ a: [Int], _ b: [Int]) -> Double {
  Double(zip(a, b).count { $0 == $1 }) / Double(max(1, b.count))
}
