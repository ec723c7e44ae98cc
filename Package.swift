// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.byName(name: name)] + dependencies,
        swiftSettings: strict
    )
}

let package = Package(
    name: "pandacap",
    products: [
        .library(name: "QMP", targets: ["QMP"]),
        .library(name: "RRTrace", targets: ["RRTrace"]),
    ],
    dependencies: [
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Know nothing of PANDAcap: the QEMU machine protocol, and the files of PANDA's record and replay.
        module(
            "QMP",
            [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        module("RRTrace"),
        module(
            "HostSupport",
            [
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        module("DebianPackages", ["HostSupport"]),
        module("RunRecords", ["HostSupport"]),
        module(
            "GuestImages",
            ["HostSupport", "DebianPackages", "RunRecords", .product(name: "Yams", package: "Yams")]
        ),

        tests(of: "QMP"),
        tests(of: "RRTrace"),
        tests(of: "GuestImages", ["HostSupport", "RunRecords"]),
    ]
)
