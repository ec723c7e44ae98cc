import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

@Suite struct OwnershipTests {
    @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
    func whatAnotherUserHasInAFolderIsTakenOverAndLinksAreNotFollowed() async throws {
        try await withScratch { folder in
            let (given, kept) = (folder / "given", folder / "kept")
            for name in ["given", "given/deep", "kept"] { try FileSystem.createDirectory(folder / name) }
            for path in [given / "deep/a", kept / "b", given / "third"] { try FileSystem.write("", to: path) }
            try FileManager.default.createSymbolicLink(
                atPath: (given / "link").string,
                withDestinationPath: kept.string
            )
            for path in [given, given / "deep", given / "deep/a", given / "link", kept, kept / "b"] {
                #expect(lchown(path.string, 1234, 1234) == 0)
            }
            #expect(lchown((given / "third").string, 4321, 4321) == 0)
            FileSystem.takeOver(given, from: 1234)
            for path in [given, given / "deep", given / "deep/a", given / "link"] {
                #expect(FileSystem.owner(of: path) == 0, "\(path)")
            }
            #expect(FileSystem.owner(of: kept) == 1234 && FileSystem.owner(of: kept / "b") == 1234)
            #expect(FileSystem.owner(of: given / "third") == 4321)
            #expect(FileSystem.owner(of: given / "none") == nil)
            FileSystem.takeOver(kept, from: 1234, except: [kept / "b"])
            #expect(FileSystem.owner(of: kept) == 0 && FileSystem.owner(of: kept / "b") == 1234)
        }
    }

    @Test func aPathIsSettledAsFarAsItIsThere() async throws {
        try await withScratch { folder in
            let real = try #require(FileSystem.resolved(folder))
            try FileSystem.createDirectory(folder / "real")
            try FileManager.default.createSymbolicLink(
                atPath: (folder / "link").string,
                withDestinationPath: "real"
            )
            #expect(FileSystem.settled(folder / "link/not/yet") == real / "real/not/yet")
            #expect(FileSystem.settled(folder / "link") == real / "real")
            #expect(FileSystem.settled("/nowhere/at/all") == "/nowhere/at/all")
        }
    }

    @Test(arguments: [("exit 139", ExitCode(139, 11)), ("exit 3", ExitCode(3)), ("exit 200", ExitCode(200))])
    func whatAShellEndsWithIsASignalOrACode(_ script: String, _ code: ExitCode) async throws {
        try await withScratch { folder in
            let command = LaunchCommand(
                executable: "/bin/sh",
                arguments: ["-c", script],
                workingDirectory: folder
            )
            for (isShell, expected) in [(false, code.asProgram), (true, code.asShell)] {
                let (_, status) = try await ChildProcess.run(command, log: folder / "log", isShell: isShell) {
                    child in
                    _ = try await child.exit()
                }
                #expect(status == expected)
            }
        }
    }
}

/// How the end of a program is told, and what it means where the program is a shell.
struct ExitCode: Sendable {
    let asProgram: HostSupport.ExitStatus
    let asShell: HostSupport.ExitStatus

    init(_ code: Int32, _ signal: Int32? = nil) {
        asProgram = .exited(code)
        asShell = signal.map { .signalled($0) } ?? asProgram
    }
}
