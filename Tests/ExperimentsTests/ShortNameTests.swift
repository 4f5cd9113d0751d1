import Experiments
import Testing

@Suite("A checkpoint's name in tables and figures")
struct ShortNameTests {
  @Test(
    "is what tells its path from the others",
    arguments: [
      (["x/own.safetensors"], ["own"]),
      (
        ["r/seed-1/student/epoch-010.safetensors", "r/seed-1/baseline/epoch-010.safetensors"],
        ["student/epoch-010", "baseline/epoch-010"]
      ),
      (
        ["runs/a/seed-1/kd/epoch-002.safetensors", "runs/b/seed-1/kd/epoch-002.safetensors"],
        ["a/…/epoch-002", "b/…/epoch-002"]
      ),
      (
        ["runs/a/seed-1/kd/epoch-002.safetensors", "runs/b/seed-2/kd/epoch-002.safetensors"],
        ["seed-1/kd/epoch-002", "seed-2/kd/epoch-002"].map { $0.replacing("/kd/", with: "/…/") }
      ),
      (["a/x.pth", "b/y.pth"], ["x.pth", "y.pth"]), (["a/x", "a/x"], ["x", "x"]),
      (["a/x", "a/x.safetensors"], ["a/x", "a/x.safetensors"]),
    ])
  func names(_ paths: [String], _ names: [String]) {
    #expect(shortNames(paths) == names)
  }
}
