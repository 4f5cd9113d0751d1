// swift-tools-version: 6.1
import PackageDescription

// C libraries of the system. `scripts/setup` installs their packages.
let system: [Target] = [
  .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
  .systemLibrary(name: "CProcessor"),
  .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-openmp-dev"])]),
  .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
  .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
]

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies, swiftSettings: strict)
}

// The rooms of KDScope, ground floor first: a target imports only targets above it. What lives in each one, and what
// never does, is in CONTRIBUTING.md.
let rooms: [Target] = [
  room("Support", ["CZlib"]),
  room("Tensors", ["COneDNN", "COpenBLAS", "CProcessor", "Support"]),
  room("NeuralNetworks", ["Tensors", "Support"]),
  room("Models", ["NeuralNetworks", "Tensors", "Support"]),
  room("Checkpoints", ["Models", "NeuralNetworks", "Tensors", "Support"]),
  room("Datasets", ["Checkpoints", "Tensors", "Support", "CPNG", "CJPEG"]),
  room("Distillation", ["Models", "NeuralNetworks", "Tensors", "Support"]),
  room("Training", ["Distillation", "Checkpoints", "Datasets", "Models", "NeuralNetworks", "Tensors", "Support"]),
  room("Statistics", ["Support"]),
  room("Analysis", ["Statistics", "Datasets", "Models", "NeuralNetworks", "Tensors", "Support"]),
  room("Plotting", ["CCairo", "Support"]),
  room("Reporting", ["Plotting", "Statistics", "Support"]),
  room(
    "Workloads",
    ["Analysis", "Training", "Datasets", "Models", "NeuralNetworks", "Tensors", "Support", "COneDNN", "COpenBLAS"]),
  room(
    "Experiments",
    [
      "Reporting", "Plotting", "Analysis", "Statistics", "Training", "Distillation", "Checkpoints", "Datasets",
      "Models", "NeuralNetworks", "Tensors", "Support", .product(name: "Yams", package: "Yams"),
    ]),
  // What a program of one's own imports.
  room(
    "KDScope",
    [
      "Experiments", "Analysis", "Training", "Distillation", "Checkpoints", "Datasets", "Models", "NeuralNetworks",
      "Tensors", "Support",
    ]),
  // All commands, for the program and for those of one's own.
  room(
    "KDScopeCommands",
    [
      "Experiments", "Workloads", "Reporting", "Plotting", "Analysis", "Distillation", "Checkpoints", "Datasets",
      "Models", "Training", "Statistics", "NeuralNetworks", "Tensors", "Support",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
  .executableTarget(name: "kdscope", dependencies: ["KDScopeCommands"], swiftSettings: strict),
  .executableTarget(
    name: "OwnNetwork", dependencies: ["KDScope", "KDScopeCommands"], path: "Examples/OwnNetwork",
    exclude: ["own.yaml"], swiftSettings: strict),
]

// A suite of tests for each room, in the same order. Tests/Golden has the generators of expected values.
let suites: [Target] = [
  .target(
    name: "TestSupport", dependencies: ["Checkpoints", "Tensors", "Support"], path: "Tests/TestSupport",
    swiftSettings: strict),
  tests("Support"), tests("Tensors"), tests("NeuralNetworks", ["Checkpoints"]), tests("Models", ["Checkpoints"]),
  tests("Checkpoints", ["Models", "CZlib"]), tests("Datasets", ["Checkpoints", "CZlib"]),
  tests("Distillation", ["Checkpoints"]),
  tests("Training", ["Models", "Datasets", "Checkpoints", "KDScope"]), tests("Statistics"),
  tests("Analysis", ["Models", "Datasets", "Checkpoints"]), tests("Plotting", ["CZlib"]), tests("Reporting"),
  tests("Workloads"), tests("Experiments", ["Checkpoints", "Models"]),
  .testTarget(name: "CommandLineTests", dependencies: ["kdscope", "OwnNetwork", "TestSupport"], swiftSettings: strict),
]

// Only Tests/Fuzz/run builds it, with libFuzzer's own main.
let fuzzing: [Target] =
  Context.environment["KDSCOPE_FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "Fuzz", dependencies: ["Datasets", "Checkpoints", "Support"], path: "Tests/Fuzz",
      exclude: ["run", "seeds"], swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
  ]

let package = Package(
  name: "kdscope",
  products: [
    .executable(name: "kdscope", targets: ["kdscope"]),
    .library(name: "KDScope", targets: ["KDScope", "KDScopeCommands"]),
    .library(name: "Workloads", targets: ["Workloads"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: system + rooms + suites + fuzzing
)
