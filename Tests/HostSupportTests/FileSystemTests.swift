import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

@Suite struct FileSystemTests {
    @Test func aReaderSeesTheOldOrTheNewContentsWhole() async throws {
        try await withScratch { folder in
            let path = folder / "state"
            let old = Data(repeating: 1, count: 300_000)
            let new = Data(repeating: 2, count: 500_000)
            try FileSystem.write(old, to: path)
            let writing = Task {
                for round in 0..<20 { try FileSystem.write(round % 2 == 0 ? new : old, to: path) }
            }
            for _ in 0..<60 {
                let seen = try FileSystem.read(path)
                #expect(seen == old || seen == new)
                await Task.yield()
            }
            try await writing.value
            #expect(FileSystem.list(folder) == ["state"])
        }
    }

    @Test func aWriteThatFailsLeavesNoDraftAndTheOldContents() async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "taken/inside")
            let failure = #expect(throws: Failure.self) { try FileSystem.write("x", to: folder / "taken") }
            #expect(failure?.code == .inputOutput)
            #expect(FileSystem.list(folder) == ["taken"])
            #expect(throws: Failure.self) { try FileSystem.write("x", to: folder / "none/x") }
        }
    }

    @Test func aWriteSetsTheModeAndReplacesALinkAndNotItsTarget() async throws {
        try await withScratch { folder in
            try FileSystem.write("target", to: folder / "target")
            try #require(symlink("target", (folder / "link").string) == 0)
            try FileSystem.write("new", to: folder / "link", mode: 0o600)
            #expect(try FileSystem.readText(folder / "target") == "target")
            #expect(try FileSystem.readText(folder / "link") == "new")
            #expect(
                try await Tool("stat").run(["-c", "%a %F", (folder / "link").string]) == "600 regular file\n"
            )
        }
    }

    @Test func oneOfManyClaimsAFolder() async throws {
        try await withScratch { folder in
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 { group.addTask { try FileSystem.claimDirectory(folder / "run") } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
            #expect(throws: Failure.self) { try FileSystem.claimDirectory(folder / "none/run") }
        }
    }

    @Test func removingTakesLinksAndNotWhatTheyLeadTo() async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "kept")
            try FileSystem.write("x", to: folder / "kept/file")
            try #require(symlink("kept", (folder / "link").string) == 0)
            try #require(symlink("none", (folder / "dangling").string) == 0)
            for name in ["link", "dangling", "nothing"] { try FileSystem.remove(folder / name) }
            #expect(FileSystem.list(folder) == ["kept"])
            #expect(FileSystem.list(folder / "kept") == ["file"])
            try FileSystem.remove(folder / "kept")
            #expect(!FileSystem.exists(folder / "kept"))
        }
    }

    @Test func whatCannotBeReadIsSaid() async throws {
        try await withScratch { folder in
            #expect(throws: Failure.self) { try FileSystem.read(folder / "none") }
            try FileSystem.write("12345", to: folder / "five")
            #expect(try FileSystem.readText(folder / "five", limit: 5) == "12345")
            let failure = #expect(throws: Failure.self) { try FileSystem.read(folder / "five", limit: 4) }
            #expect(failure?.code == .badData)
            #expect(failure?.message.contains("5 bytes") == true)
            try FileSystem.write(Data([0x61, 0xFF, 0x62]), to: folder / "bytes")
            #expect(try FileSystem.readText(folder / "bytes") == "a\u{FFFD}b")
        }
    }

    @Test func aCopyReplacesAFileAndKeepsItsMode() async throws {
        try await withScratch { folder in
            try FileSystem.write("new", to: folder / "source", mode: 0o755)
            try FileSystem.write("old", to: folder / "target")
            try FileSystem.copy(folder / "source", to: folder / "target")
            #expect(try FileSystem.readText(folder / "target") == "new")
            #expect(FileSystem.isExecutable(folder / "target"))
            #expect(!FileSystem.isExecutable(folder))
        }
    }
}
