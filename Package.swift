// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "pandacap",
    products: [
        .library(name: "QMP", targets: ["QMP"]),
        .library(name: "RRTrace", targets: ["RRTrace"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: [
        // Knows nothing of PANDAcap: the QEMU machine protocol.
        .target(
            name: "QMP",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(name: "QMPTests", dependencies: ["QMP"], swiftSettings: strict),

        // Knows nothing of PANDAcap: the files that PANDA's record and replay writes.
        .target(name: "RRTrace", swiftSettings: strict),
        .testTarget(name: "RRTraceTests", dependencies: ["RRTrace"], swiftSettings: strict),
    ]
)
