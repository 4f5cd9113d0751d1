// swift-tools-version: 6.1
import PackageDescription

// The comparison of KDScope with PyTorch and with the libraries below it. A package of its own, so that nobody who
// only uses KDScope builds it. `./compare` builds and runs it.
let package = Package(
  name: "kdscope-benchmarks",
  dependencies: [
    .package(name: "kdscope", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    .executableTarget(
      name: "Compare",
      dependencies: [
        .product(name: "Workloads", package: "kdscope"), .product(name: "KDScope", package: "kdscope"),
        // Not imported: its start is timed.
        .product(name: "kdscope", package: "kdscope"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")])
  ]
)
