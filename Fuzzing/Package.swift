// swift-tools-version: 6.2
import PackageDescription

// Built by `fuzz` in this folder, with -sanitize=fuzzer for all of it, so that libFuzzer sees the branches of Traces.
let traces = Target.Dependency.product(name: "Traces", package: "pandacap")
let package = Package(
    name: "Fuzzing",
    dependencies: [.package(name: "pandacap", path: "..")],
    targets: [
        .target(name: "FuzzDriver"),
        .executableTarget(name: "FuzzLog", dependencies: ["FuzzDriver", traces]),
        .executableTarget(
            name: "FuzzArchive",
            dependencies: ["FuzzDriver", .product(name: "TraceArchives", package: "pandacap")]
        ),
        .executableTarget(name: "FuzzSnapshot", dependencies: ["FuzzDriver", traces]),
    ]
)
