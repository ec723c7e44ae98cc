import Glibc
import HostSupport
import TestSupport
import Testing

@testable import Containers

@Suite(.enabled(if: geteuid() == 0, "only root gives files away"))
struct FileHandoverTests {
    private let user = ContainerUser(user: 1234, group: 1234)

    @Test func whatTheEngineMadeIsTakenBackAndWhatItsUserHadIsHis() async throws {
        try await withScratch { folder in
            for name in ["out", "out/his", "his"] { try FileSystem.createDirectory(folder / name) }
            try FileSystem.write("", to: folder / "out/his/old")
            for name in ["out/his", "out/his/old", "his"] {
                #expect(lchown((folder / name).string, 1234, 1234) == 0)
            }
            let gift = try FileHandover(user: user, paths: [folder / "out", folder / "his"]).give()
            #expect(FileSystem.owner(of: folder / "out") == 1234)
            for name in ["out/new", "out/his/new", "his/new"] {
                try FileSystem.write("", to: folder / name)
                #expect(lchown((folder / name).string, 1234, 1234) == 0)
            }
            gift.takeBack()
            for name in ["out", "out/new", "out/his/new"] {
                #expect(FileSystem.owner(of: folder / name) == 0, "\(name)")
            }
            // A folder of his own was his to write to, and stays so with all that is in it.
            for name in ["out/his", "out/his/old", "his", "his/new"] {
                #expect(FileSystem.owner(of: folder / name) == 1234, "\(name)")
            }
        }
    }

    @Test func aFolderOfAThirdPersonIsRefused() async throws {
        try await withScratch { folder in
            #expect(lchown(folder.string, 4321, 4321) == 0)
            let failure = #expect(throws: Failure.self) {
                try FileHandover(user: user, paths: [folder]).give()
            }
            #expect(failure?.code == .notPermitted)
            #expect(FileSystem.owner(of: folder) == 4321)
        }
    }
}
