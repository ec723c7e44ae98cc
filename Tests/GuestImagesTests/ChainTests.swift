import DiskFiles
import Foundation
import HostSupport
import Testing

@testable import GuestImages

@Suite struct ChainTests {
    /// A base disk, and an overlay of it in the folder `over`.
    private func overlay(of base: String, format: String?, in folder: HostPath) async throws -> HostPath {
        try FileSystem.createDirectory(folder / "over")
        let disk = folder / "over/disk"
        try FileSystem.remove(disk)
        try await DiskTools.qemuImg.run([
            "create", "-q", "-f", "qcow2", "-u", "-F", format ?? "raw", "-b", base, disk.string, "2M",
        ])
        if format == nil {
            // Without the extension that names the format.
            var bytes = try FileSystem.read(disk)
            let place = try #require(bytes.firstRange(of: Data([0xe2, 0x79, 0x2a, 0xca]))).lowerBound
            bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0, 9])
            try FileSystem.write(bytes, to: disk)
        }
        return disk
    }

    @Test func namesAreFollowedIntoChosenFoldersOnly() async throws {
        try await withScratch { folder in
            for name in ["allowed", "other"] {
                try FileSystem.createDirectory(folder / name)
                try makeDisk(folder / name / "base.raw")
            }
            func code(_ base: String, _ format: String? = "raw") async throws -> Failure.Code? {
                let disk = try await overlay(of: base, format: format, in: folder)
                return await failure { _ = try DiskChain(disk, within: [folder / "allowed"]) }?.code
            }
            #expect(try await code("../allowed/base.raw") == nil)
            #expect(try await code((folder / "allowed/base.raw").string) == nil)
            #expect(try await code("../allowed/base.raw", nil) == .badData)
            #expect(try await code("../allowed/base.raw", "vmdk") == .badData)
            #expect(try await code("../other/base.raw") == .notPermitted)
            #expect(try await code("../allowed/../other/base.raw") == .notPermitted)
            #expect(try await code("/etc/passwd") == .notPermitted)
            #expect(try await code("nbd:localhost:10809") == .notPermitted)
            #expect(try await code("nbd://localhost/x") == .notPermitted)
            #expect(try await code(#"json:{"driver":"null-co"}"#) == .notPermitted)
            #expect(try await code("../allowed") == .notPermitted)
            try await Tool("ln").run(["-s", "../other/base.raw", (folder / "allowed/link").string])
            #expect(try await code("../allowed/link") == .notPermitted)
        }
    }

    @Test func aCircleHasAnEnd() async throws {
        try await withScratch { folder in
            let disk = try await overlay(of: "disk", format: "qcow2", in: folder)
            #expect(await failure { _ = try DiskChain(disk, within: [folder]) }?.code == .badData)
        }
    }

    @Test func aFlattenedDiskHasWhatLayBeneath() async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "over")
            try makeDisk(folder / "over/base.raw")
            let disk = try await overlay(of: "base.raw", format: "raw", in: folder)
            var request = ImageImport(disk: disk, name: "flat")
            request.flattens = true
            let store = ImageStore(home: folder / "home")
            let image = try await ImageImporter(store: store, console: Console(.quiet)).run(request)
            let base = store.path(of: try #require(image.disk), in: image)
            try await DiskTools.qemuImg.run([
                "compare", "-q", "-f", "raw", "-F", "qcow2", (folder / "over/base.raw").string, base.string,
            ])
            #expect(try DiskChain.header(base).backingFile == nil)
        }
    }
}
