import Foundation
import HostSupport
import Testing

@testable import GuestImages

@Suite struct TreeTests {
    /// A tree with two files of ours, made in an order that differs with `reversed`.
    private func tree(_ folder: HostPath, reversed: Bool) throws -> GuestTree {
        try FileSystem.createDirectory(folder)
        try FileSystem.write("text", to: folder / "source")
        let tree = GuestTree(folder / "tree")
        let paths = ["/etc/b", "/etc/a.d/x", "/init"]
        for path in reversed ? paths.reversed() : paths {
            try tree.add(folder / "source", as: path, mode: FileMode(bits: 0o640))
        }
        try tree.addModules([])
        return tree
    }

    @Test(.enabled(if: Tool("cpio").path != nil, "needs cpio"))
    func theSameFilesArePackedIntoTheSameBytes() async throws {
        try await withScratch { folder in
            try await tree(folder / "1", reversed: false).pack(into: folder / "first")
            try await Task.sleep(for: .milliseconds(1100))
            try await tree(folder / "2", reversed: true).pack(into: folder / "second")
            let first = try FileSystem.read(folder / "first")
            #expect(first == (try FileSystem.read(folder / "second")))
            #expect(first.count > 512)
            let listing = try await Tool("cpio").run(["-t", "--quiet", "-F", (folder / "first").string])
            #expect(listing == "etc\netc/a.d\netc/a.d/x\netc/b\netc/modules\ninit\n")
        }
    }

    @Test func aMissingFileIsNamed() async throws {
        try await withScratch { folder in
            let failure = await failure {
                try GuestTree(folder / "tree").add(folder / "none", as: "/init", mode: FileMode(bits: 0o755))
            }
            #expect(failure?.code == .notFound)
            #expect(failure?.message.contains("/init") == true)
        }
    }

    @Test func aProgramThatNoPackageHoldsIsNamed() async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "root")
            let failure = await failure {
                try await GuestTree(folder / "tree").addPrograms(["/bin/none"], from: folder / "root")
            }
            #expect(failure?.code == .configuration)
            #expect(failure?.message.contains("/bin/none") == true)
        }
    }

    @Test func aLinkOutOfAPackageIsRefused() async throws {
        try await withScratch { folder in
            let root = folder / "root"
            try FileSystem.createDirectory(root / "bin")
            try FileManager.default.createSymbolicLink(
                atPath: (root / "bin/sh").string,
                withDestinationPath: "/bin/sh"
            )
            let failure = await failure {
                try await GuestTree(folder / "tree").addPrograms(["/bin/sh"], from: root)
            }
            #expect(failure?.code == .badData)
        }
    }
}
