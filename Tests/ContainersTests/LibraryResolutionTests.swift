import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Containers

@Suite("What an engine needs, and where it comes from")
struct LibraryResolutionTests {
    static let engine: HostPath = "/e/libpanda-x86_64.so"
    static let plugin: HostPath = "/e/panda_taint2.so"

    @Test func packagesAreTakenForWhatNeedsThemAndFilesForTheRest() {
        let resolution = LibraryResolution(
            roots: [Self.engine, Self.plugin],
            needs: [
                Self.engine: ["libc.so.6", "libLLVM-11.so.1"],
                Self.plugin: ["libc.so.6", "libpanda-x86_64.so"],
                "/lib/libLLVM-11.so.1": ["libz3.so.4"], "/lib/libunused.so": ["libunused2.so"],
            ],
            sources: [
                "libc.so.6": .package("libc6"), "libLLVM-11.so.1": .file("/lib/libLLVM-11.so.1"),
                "libz3.so.4": .package("libz3-4"), "libpanda-x86_64.so": .beside,
                "libunused2.so": .package("unused"),
            ]
        )
        #expect(resolution.packages == ["libc6": ["libc.so.6"], "libz3-4": ["libz3.so.4"]])
        #expect(resolution.copied == ["/lib/libLLVM-11.so.1"])
        #expect(resolution.broken.isEmpty)
    }

    @Test func aPluginThatCannotBeLoadedIsNoReasonToHaveALibrary() {
        let resolution = LibraryResolution(
            roots: [Self.engine, Self.plugin],
            needs: [
                Self.engine: ["libc.so.6"], Self.plugin: ["libfar.so", "libnear.so", "libbig.so"],
                "/lib/libfar.so": ["libfarther.so"], "/lib/libfarther.so": ["libgone.so"],
                "/lib/libnear.so": [],
            ],
            sources: [
                "libc.so.6": .package("libc6"), "libfar.so": .file("/lib/libfar.so"),
                "libfarther.so": .file("/lib/libfarther.so"), "libnear.so": .file("/lib/libnear.so"),
                "libbig.so": .package("big"),
            ]
        )
        #expect(resolution.broken[Self.plugin] == "libfar.so")
        #expect(resolution.broken["/lib/libfarther.so"] == "libgone.so")
        #expect(resolution.broken[Self.engine] == nil)
        #expect(resolution.packages == ["libc6": ["libc.so.6"]])
        #expect(resolution.copied.isEmpty)
    }

    @Test func librariesLieWhereTheLinkerLooks() {
        let paths = LibraryResolution.paths(of: "libx.so.1", architecture: "amd64")
        #expect(paths.contains("usr/lib/x86_64-linux-gnu/libx.so.1"))
        #expect(paths.contains("lib64/libx.so.1"))
        #expect(!paths.contains { $0.contains("aarch64") })
    }

    @Test func onlyProgramsAndLibrariesHaveAnELFHeader() async throws {
        let shell = try #require(ELFHeader(try Tool("sh").located()))
        #expect(shell.architecture != nil)
        try await withScratch { folder in
            for seed in 0..<200 as Range<UInt64> {
                var generator = SeededGenerator(seed: seed)
                let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
                try FileSystem.write(Data(bytes), to: folder / "x")
                #expect(ELFHeader(folder / "x") == nil)
                try FileSystem.write(Data([0x7F, 0x45, 0x4C, 0x46] + bytes), to: folder / "x")
                _ = ELFHeader(folder / "x")
            }
        }
        #expect(ELFHeader("/nowhere") == nil)
    }
}
