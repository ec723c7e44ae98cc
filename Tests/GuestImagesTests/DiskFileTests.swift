import Foundation
import HostSupport
import Testing

@testable import GuestImages

@Suite struct DiskFileTests {
    private let status = """
        Package: here
        Status: install ok installed
        Description: a package
         Version: no field
        Version: 1:2-3

        Package: gone
        Status: deinstall ok config-files
        Version: 4

        """

    /// Packs a root of a few files as mmdebstrap would.
    private func pack(in folder: HostPath) async throws -> HostPath {
        let root = folder / "root"
        try FileSystem.createDirectory(root / "var/lib/dpkg")
        try FileSystem.write(status, to: root / "var/lib/dpkg/status")
        for index in 0..<50 { try FileSystem.write("\(index)\n", to: root / "file-\(index)") }
        let archive = folder / "root.tar"
        try await Tool("tar").run([
            "-c", "-f", archive.string, "-C", root.string, "--sort=name", "--mtime=@1000000000", ".",
        ])
        return archive
    }

    private func make(_ name: String, in folder: HostPath) async throws -> [String: String] {
        let disk = DiskFile(folder: folder / "work-\(name)", size: .mebibytes(64), time: 1_500_000_000)
        return try await disk.make(from: try await pack(in: folder), into: folder / name)
    }

    @Test func theSameFilesGiveTheSameDisk() async throws {
        try await withScratch { folder in
            #expect(try await make("one", in: folder) == ["here": "1:2-3"])
            // The file system's own times have seconds.
            try await Task.sleep(for: .milliseconds(1100))
            _ = try await make("two", in: folder)
            #expect(try await Digest.sha256(folder / "one") == Digest.sha256(folder / "two"))
        }
    }

    @Test func theDiskIsAnOldQcow2WithASoundFileSystem() async throws {
        try await withScratch { folder in
            _ = try await make("disk", in: folder)
            let head = [UInt8](try FileSystem.read(folder / "disk").prefix(8))
            #expect(head == [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 2])
            let raw = folder / "raw"
            try await Tool("qemu-img").run(["convert", "-O", "raw", (folder / "disk").string, raw.string])
            try await Tool("e2fsck", package: "e2fsprogs").run(["-f", "-n", raw.string])
            let stat = try await Tool("debugfs").run(["-R", "stat /file-7", raw.string])
            #expect(stat.contains("mtime: 0x3b9aca00"))
            #expect(stat.contains("ctime: 0x59682f00:00000000"))
        }
    }

    @Test func whatIsNoFileSystemIsLeftAlone() async throws {
        try await withScratch { folder in
            for bytes in [0, 1024, 2048] {
                let file = folder / "file"
                try FileSystem.write(Data(repeating: 0xff, count: bytes), to: file)
                #expect(await failure { try InodeTimes(time: 1).fix(file) }?.code == .badData)
                #expect(try FileSystem.read(file) == Data(repeating: 0xff, count: bytes))
            }
        }
    }
}
