// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func module(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        exclude: exclude,
        resources: resources,
        swiftSettings: strict
    )
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.byName(name: name)] + dependencies,
        exclude: exclude,
        swiftSettings: strict
    )
}

// scripts/check-imports.py holds the imports against this order, from the ground up.
let package = Package(
    name: "pandacap",
    products: [
        .library(name: "QMP", targets: ["QMP"]),
        .library(name: "TraceArchives", targets: ["TraceArchives"]),
        .library(name: "Traces", targets: ["Traces"]),
        .executable(name: "pandacap", targets: ["pandacap"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        // Know nothing of PANDAcap: the QEMU machine protocol, and the files of PANDA's record and replay.
        module(
            "QMP",
            [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["README.md"]
        ),
        module("Traces"),
        // Reads partition tables and ext file systems; knows nothing of PANDAcap, either.
        module("DiskFiles"),

        module(
            "HostSupport",
            [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        module("YAMLFiles", ["HostSupport", .product(name: "Yams", package: "Yams")]),
        module("LibraryLogs", ["HostSupport", .product(name: "Logging", package: "swift-log")]),
        module("PageTemplates", ["HostSupport", .product(name: "Mustache", package: "swift-mustache")]),
        module(
            "WebServer",
            [
                "HostSupport", "LibraryLogs", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
            ]
        ),
        module("DebianPackages", ["HostSupport"]),
        module("RunRecords", ["HostSupport", "Traces"]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        module("TraceArchives", ["CArchive", "HostSupport", "Traces"]),
        module("LinuxKernel", ["HostSupport", "Traces"]),
        module("GuestEvents", ["HostSupport"]),
        module("Bootstrap", ["HostSupport"]),
        module("PandaEngine", ["DebianPackages", "HostSupport", "RunRecords"]),
        module(
            "GuestImages",
            [
                "DebianPackages", "DiskFiles", "HostSupport", "LinuxKernel", "RunRecords", "YAMLFiles",
            ]
        ),
        module("Containers", ["Bootstrap", "DebianPackages", "HostSupport", "PandaEngine", "RunRecords"]),
        module(
            "Capture",
            [
                "Bootstrap", "Containers", "GuestImages", "HostSupport", "LinuxKernel", "PandaEngine", "QMP",
                "Traces",
                "RunRecords",
            ]
        ),
        module(
            "Inspection",
            ["GuestEvents", "HostSupport", "PageTemplates", "RunRecords", "Traces"],
            resources: ["page.mustache", "page.css", "page.js"].map { .embedInCode("Report/Page/\($0)") }
        ),
        module(
            "Replays",
            ["Containers", "HostSupport", "PandaEngine", "TraceArchives", "Traces", "RunRecords"]
        ),
        module(
            "Catalogue",
            ["HostSupport", "RunRecords", "Traces", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        module("TraceStore", ["CZstd", "HostSupport", "Traces"]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        module(
            "Datasets",
            [
                "Catalogue", "GuestImages", "HostSupport", "Inspection", "PandaEngine", "Replays",
                "RunRecords",
                "TraceArchives", "TraceStore", "Traces", "YAMLFiles",
            ]
        ),
        module(
            "Fleets",
            [
                "Bootstrap", "Capture", "Catalogue", "Containers", "GuestImages", "HostSupport",
                "PandaEngine",
                "LibraryLogs", "Replays", "RunRecords", "Traces", "WebServer", "YAMLFiles",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Slurm/campaign.sh")]
        ),
        module(
            "Analyses",
            [
                "Catalogue", "Containers", "CZlib", "Datasets", "Fleets", "GuestEvents", "HostSupport",
                "Replays",
                "RunRecords", "Traces",
            ],
            resources: [.embedInCode("Many/analyse.sh")]
        ),
        module(
            "Dashboard",
            [
                "Catalogue", "Datasets", "Fleets", "HostSupport", "PageTemplates", "RunRecords", "WebServer",
            ],
            resources: [
                "dataset.mustache", "fleet.mustache", "icon.svg", "layout.mustache", "live.js",
                "message.mustache",
                "overview.mustache", "run.mustache", "runs.mustache", "style.css",
            ].map { .embedInCode("Resources/\($0)") }
        ),
        module(
            "Commands",
            [
                "Analyses", "Bootstrap", "Capture", "Catalogue", "Containers", "Dashboard", "Datasets",
                "DebianPackages",
                "DiskFiles", "Fleets", "GuestEvents", "GuestImages", "HostSupport", "Inspection",
                "LinuxKernel", "PandaEngine", "Traces",
                "TraceArchives", "TraceStore",
                "Replays", "RunRecords",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(name: "pandacap", dependencies: ["Commands"], swiftSettings: strict),

        // A stand-in for the engine, for tests with more guests than a host holds.
        .executableTarget(
            name: "FakePanda",
            dependencies: ["HostSupport", "TestSupport"],
            path: "Tests/FakePanda",
            swiftSettings: strict
        ),

        tests(of: "QMP"),
        tests(of: "Traces"),
        tests(of: "TraceArchives", ["CArchive", "HostSupport", "Traces", "TestSupport"]),
        tests(of: "DiskFiles", ["HostSupport", "TestSupport"]),
        .target(
            name: "TestSupport",
            dependencies: ["HostSupport", "RunRecords", "Traces"],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        tests(of: "HostSupport", ["TestSupport"]),
        tests(of: "DebianPackages", ["HostSupport"]),
        tests(of: "Bootstrap", ["HostSupport", "TestSupport"]),
        tests(of: "PandaEngine", ["HostSupport", "RunRecords", "TestSupport"]),
        tests(
            of: "Capture",
            [
                "Bootstrap", "Containers", "GuestImages", "HostSupport", "PandaEngine", "RunRecords",
                "TestSupport",
            ]
        ),
        tests(
            of: "Containers",
            ["Bootstrap", "HostSupport", "PandaEngine", "RunRecords", "TestSupport"],
            exclude: ["Fixtures"]
        ),
        tests(of: "Inspection", ["GuestEvents", "HostSupport", "RunRecords", "Traces"]),
        tests(of: "GuestEvents", ["HostSupport", "TestSupport"]),
        tests(of: "Replays", ["Containers", "HostSupport", "RunRecords", "TestSupport"]),
        tests(
            of: "Commands",
            [
                "Capture", "Containers", "GuestImages", "HostSupport", "RunRecords", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        tests(of: "RunRecords", ["HostSupport", "Traces", "TestSupport"]),
        // Drives the built program with the real engine and real guests.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Containers", "DebianPackages", "Fleets", "GuestEvents", "GuestImages", "HostSupport",
                "LinuxKernel",
                "PandaEngine",
                "TraceArchives", "Traces", "RunRecords", "TestSupport", "FakePanda", "pandacap",
            ],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
        tests(of: "Catalogue", ["HostSupport", "RunRecords", "TestSupport"]),
        tests(of: "TraceStore", ["HostSupport", "TestSupport", "Traces"]),
        tests(
            of: "Datasets",
            ["Catalogue", "HostSupport", "RunRecords", "TestSupport", "TraceArchives", "TraceStore"]
        ),
        tests(
            of: "Fleets",
            [
                "Capture", "Catalogue", "HostSupport", "PandaEngine", "Replays", "RunRecords", "TestSupport",
                "YAMLFiles",
            ]
        ),
        tests(
            of: "Analyses",
            ["Catalogue", "HostSupport", "RunRecords", "TestSupport"],
            exclude: ["Fixtures"]
        ),
        tests(
            of: "Dashboard",
            [
                "Catalogue", "Datasets", "Fleets", "HostSupport", "PageTemplates", "RunRecords",
                "TestSupport",
                "WebServer",
            ]
        ),
        tests(of: "GuestImages", ["DebianPackages", "DiskFiles", "HostSupport", "RunRecords"]),
        tests(of: "LinuxKernel", ["HostSupport", "TestSupport"]),
    ]
)
