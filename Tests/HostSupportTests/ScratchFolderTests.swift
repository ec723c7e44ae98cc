import HostSupport
import TestSupport
import Testing

@Suite struct ScratchFolderTests {
    @Test func whatADeadProcessLeftGoesAndWhatIsUsedStays() async throws {
        try await withScratch { parent in
            try FileSystem.createDirectory(parent / ".scratch-1-1/inside")
            try FileSystem.write("", to: parent / ".scratch-1-1.lock")
            try FileSystem.write("", to: parent / "run.json")
            let first = try ScratchFolder(in: parent)
            let second = try ScratchFolder(in: parent)
            let names = [first, second].flatMap { [$0.path.name, $0.path.name + ".lock"] }
            #expect(FileSystem.list(parent) == (names + ["run.json"]).sorted())
            try FileSystem.write("large", to: first.path / "file")
            first.remove()
            second.remove()
            #expect(FileSystem.list(parent) == ["run.json"])
        }
    }
}
