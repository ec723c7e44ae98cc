// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "ReaderSpeed",
    dependencies: [.package(name: "pandacap", path: "../..")],
    targets: [
        .executableTarget(
            name: "reader-speed",
            dependencies: [.product(name: "Traces", package: "pandacap")],
            path: "Sources/ReaderSpeed"
        )
    ]
)
