import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Analyses

@Suite("An analysis tells what it is of")
struct ManifestTests {
    private func manifest() -> AnalysisManifest {
        AnalysisManifest(
            name: "a",
            run: "r",
            recording: "session_000",
            snapshotSHA256: "1",
            logSHA256: "2",
            plugins: [.init(name: "coverage", arguments: ["mode=osi-block"], sha256: "3")],
            engine: nil,
            key: "4"
        )
    }

    @Test("it is read as it was written")
    func roundTrip() async throws {
        try await withScratch { folder in
            var written = manifest()
            written.tables = [.init(file: "blocks.csv", rows: 7, table: CoverageTables.blocks)]
            written.state = .finished
            try written.write(to: folder)
            let read = try #require(try AnalysisManifest.read(from: folder))
            #expect(read.tables == written.tables && read.plugins == written.plugins && read.key == "4")
            #expect(try AnalysisManifest.read(from: folder / "nonesuch") == nil)
        }
    }

    @Test("a table that would lie elsewhere, or be a statement of SQL, is refused")
    func hostile() async throws {
        try await withScratch { folder in
            for (file, name, column) in [
                ("../../run.json", "blocks", "pid"), ("x.csv", "x\"; DROP TABLE", "pid"),
                ("blocks.csv", "blocks", "pid\" TEXT)"), ("blocks.csv", "blocks", ""),
            ] {
                var manifest = manifest()
                manifest.tables = [
                    .init(file: file, rows: 1, table: ResultTable(name, "", [.init(column, .text, "")]))
                ]
                try manifest.write(to: folder)
                #expect(throws: Failure.self, "\(file) \(name) \(column)") {
                    try AnalysisManifest.read(from: folder)
                }
            }
        }
    }

    @Test("a run with several recordings has a folder for each; hidden and unfinished ones are not found")
    func folders() async throws {
        try await withScratch { path in
            let folder = RunFolder(path)
            #expect(folder.analysis("a", of: "s_000", isOnly: true) == path / "analysis/a")
            #expect(folder.analysis("a", of: "s_000", isOnly: false) == path / "analysis/a-s_000")
            for (name, state) in [
                ("a", AnalysisManifest.State.finished), ("b", .failed), (".c.new", .finished),
            ] {
                var manifest = manifest()
                manifest.state = state
                try FileSystem.createDirectory(folder.analyses / name)
                try manifest.write(to: folder.analyses / name)
            }
            #expect(folder.finishedAnalyses.map(\.folder.name) == ["a"])
        }
    }
}
