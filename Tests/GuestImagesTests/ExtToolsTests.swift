import DiskFiles
import Foundation
import HostSupport
import Testing

@testable import GuestImages

@Suite struct ExtToolsTests {
    /// A disk on which a change of a file's mode waits in the journal.
    private func makeJournalled(in folder: HostPath) async throws -> HostPath {
        let (disk, other) = (folder / "disk.raw", folder / "other.raw")
        try FileSystem.createDirectory(folder / "tree")
        try FileSystem.write("root\n", to: folder / "tree/file", mode: 0o644)
        try await Tool("mke2fs", package: "e2fsprogs").run([
            "-q", "-t", "ext4", "-b", "1024", "-d", (folder / "tree").string, disk.string, "16384",
        ])
        try FileSystem.copy(disk, to: other)
        let debugfs = Tool("debugfs", package: "e2fsprogs")
        try await debugfs.run(["-w", "-R", "set_inode_field /file mode 0100600", other.string])
        let words = try await debugfs.run(["-R", "imap /file", disk.string])
        let block = try #require(words.firstMatch(of: /located at block (\d+)/).flatMap { Int($0.1) })
        let bytes = try FileSystem.read(other)
        try FileSystem.write(bytes[block * 1024..<(block + 1) * 1024], to: folder / "block")
        try await debugfs.run(
            ["-w", "-f", "-", disk.string],
            workingDirectory: folder,
            input: "journal_open\njournal_write -b \(block) block\njournal_close\n"
        )
        return disk
    }

    @Test func whatWaitsInAJournalIsBroughtIn() async throws {
        try await withScratch { folder in
            let disk = try await makeJournalled(in: folder)
            let volume = try #require(try ExtTools.layout(of: disk).volumes.first)
            let tools = ExtTools(disk: disk, volume: volume)
            func mode() throws -> UInt32? {
                var walk = try ExtWalk(try tools.open())
                while let entry = try walk.next() {
                    if entry.path == Array("/file".utf8) { return entry.inode.mode }
                }
                return nil
            }
            #expect(try tools.open().superblock.needsRecovery)
            #expect(try mode() == 0o644)
            try await tools.replayJournal()
            #expect(try !tools.open().superblock.needsRecovery)
            #expect(try mode() == 0o600)
            try await tools.requireClean()
        }
    }

    @Test func aDamagedFileSystemIsNotClean() async throws {
        try await withScratch { folder in
            let disk = try await makeJournalled(in: folder)
            let volume = try #require(try ExtTools.layout(of: disk).volumes.first)
            let tools = ExtTools(disk: disk, volume: volume)
            try await tools.replayJournal()
            try await Tool("debugfs").run(["-w", "-R", "clri /file", disk.string])
            #expect(await failure { try await tools.requireClean() }?.code == .badData)
            try await tools.repair(discards: true)
            try await tools.requireClean()
        }
    }
}
