import Glibc
import TestSupport
import Testing

@testable import HostSupport

@Suite struct StorageTests {
    private func mode(_ path: HostPath) throws -> mode_t {
        var status = stat()
        try #require(lstat(path.string, &status) == 0)
        return status.st_mode & 0o777
    }

    @Test func aPrivateFolderIsClosedToOthersAndGoneWhenItsProcessIs() async throws {
        try await withScratch { folder in
            let parent = folder / "pandacap"
            let lock = try Storage.makePrivateDirectory("one", below: parent)
            #expect(try mode(parent) == 0o700 && mode(parent / "one") == 0o700)
            #expect(throws: Failure.self) { try Storage.makePrivateDirectory("one", below: parent) }
            // What a killed process leaves: a folder whose lock nobody holds.
            try FileSystem.createDirectory(parent / "dead", mode: 0o700)
            try FileSystem.write("private", to: parent / "dead/key")
            let other = try Storage.makePrivateDirectory("two", below: parent)
            #expect(FileSystem.list(parent) == [".lock", "one", "two"])
            withExtendedLifetime((lock, other)) {}
        }
    }

    @Test(arguments: [0o755, 0o710, 0o701, 0o777] as [UInt32])
    func aFolderThatOthersCanEnterIsRefused(_ mode: UInt32) async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "p")
            try FileSystem.setMode(folder / "p", mode)
            let failure = #expect(throws: Failure.self) {
                try Storage.makePrivateDirectory("run", below: folder / "p")
            }
            #expect(failure?.code == .notPermitted)
            #expect(try self.mode(folder / "p") == mode, "its owner's wish is left alone")
        }
    }

    @Test func anothersFolderAndALinkToOneAreRefused() async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "real", mode: 0o700)
            try #require(symlink("real", (folder / "link").string) == 0)
            #expect(throws: Failure.self) { try Storage.makePrivateDirectory("run", below: folder / "link") }
            guard geteuid() == 0 else { return }
            try #require(chown((folder / "real").string, 65534, 65534) == 0)
            #expect(throws: Failure.self) { try Storage.makePrivateDirectory("run", below: folder / "real") }
        }
    }

    @Test("many that come and go at once do not trip over each other's folders")
    func manyAtOnce() async throws {
        try await withScratch { folder in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        for round in 0..<60 {
                            let name = "\(task)-\(round)"
                            let lock = try Storage.makePrivateDirectory(name, below: folder / "p")
                            defer { withExtendedLifetime(lock) {} }
                            for file in 0..<20 { try FileSystem.write("", to: folder / "p/\(name)/\(file)") }
                            try? FileSystem.remove(folder / "p/\(name)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
