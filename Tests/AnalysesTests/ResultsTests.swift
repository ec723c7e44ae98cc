import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Analyses

@Suite("Analyses of many traces are kept, and joined")
struct ResultsTests {
    private static let table = ResultTable(
        "blocks",
        "",
        [.init("pid", .integer, ""), .init("name", .text, "")]
    )

    /// An analysis of a run with a table of two rows.
    private func analysis(_ run: String, in collection: HostPath) throws -> AnalysisIdentity {
        let folder = RunFolder(collection / "runs" / run)
        let identity = AnalysisIdentity(
            name: "a",
            run: run,
            recording: Recording(name: "session_000", structure: .complete),
            folder: folder.analysis("a", of: "session_000", isOnly: true),
            plugins: [],
            digests: [:],
            engine: nil,
            key: "k"
        )
        try FileSystem.createDirectory(identity.folder)
        let sink = TableSink(identity.folder)
        for number in 1...2 { try sink.add([.integer(Int64(number)), .text("x")], to: Self.table) }
        var manifest = AnalysisManifest(identity)
        manifest.tables = try sink.finish()
        manifest.files = [
            .init(name: "blocks.csv", bytes: try #require(FileSystem.size(identity.folder / "blocks.csv"))),
            .init(name: "raw.log", bytes: 9),
        ]
        manifest.state = .finished
        try manifest.write(to: identity.folder)
        return identity
    }

    private func item(_ identity: AnalysisIdentity, in collection: HostPath) throws -> AnalysisItem {
        AnalysisItem(
            folder: RunFolder(collection / "runs" / identity.run),
            record: try plannedRecord(identity.run),
            recording: identity.recording,
            dataset: nil
        )
    }

    @Test("an analysis counts where its files have their sizes, though one may be removed that is no table")
    func finished() async throws {
        try await withScratch { folder in
            let identity = try analysis("r", in: folder)
            #expect(identity.finished != nil)
            try FileSystem.write("another", to: identity.folder / "raw.log")
            #expect(identity.finished == nil)
            try FileSystem.remove(identity.folder / "raw.log")
            #expect(identity.finished != nil)
            try FileSystem.write("pid,name\r\n1,x\r\n", to: identity.folder / "blocks.csv")
            #expect(identity.finished == nil)
            try FileSystem.remove(identity.folder / "blocks.csv")
            #expect(identity.finished == nil)
        }
    }

    @Test("a damaged table is the failure of its own trace")
    func damaged() async throws {
        try await withScratch { folder in
            let identities = try ["cut", "sound", "wrong"].map { try analysis($0, in: folder) }
            try FileSystem.write("pid,name\r\n1,x\r\n", to: identities[0].folder / "blocks.csv")
            try FileSystem.write("pid,name\r\n1,x\r\nx,x\r\n", to: identities[2].folder / "blocks.csv")
            let items = try identities.map { try item($0, in: folder) }
            let results = try zip(items, identities).map { item, identity in
                let manifest = try #require(try AnalysisManifest.read(from: identity.folder))
                return AnalysisItemResult(item, manifest, identity.folder, isKept: true)
            }
            let joined = try AnalysisResults(folder / "out").join(results, of: items)
            #expect(joined.results.map(\.state) == [.failed, .kept, .failed])
            #expect(joined.results.map(\.exitCode) == [65, 0, 65])
            #expect(joined.results[0].problem?.contains("hint: remove \(identities[0].folder)") == true)
            #expect(joined.summary.rows == ["traces": 3, "blocks": 2, "columns": 14])
        }
    }

    @Test("an output that cannot be read and a plugin that stops the engine have codes of their own")
    func codes() async throws {
        try await withScratch { folder in
            let identity = try analysis("r", in: folder)
            let item = try item(identity, in: folder)
            var manifest = AnalysisManifest(identity)
            for (written, expected) in [(65, 65), (80, 80), (nil, 80)] as [(Int32?, Int32)] {
                manifest.exitCode = written
                let result = AnalysisItemResult(item, manifest, identity.folder, isKept: false)
                #expect(result.state == .failed && result.exitCode == expected)
            }
        }
    }

    @Test("what an analysis left that was killed is removed, but not while another makes it")
    func leftDraft() async throws {
        try await withScratch { folder in
            let identity = try analysis("r", in: folder)
            try FileSystem.createDirectory(identity.draft)
            do {
                let lock = try FileLock(unlessHeld: identity.lock)
                withExtendedLifetime(lock) { identity.removeLeftDraft() }
                #expect(FileSystem.exists(identity.draft))
            }
            identity.removeLeftDraft()
            #expect(!FileSystem.exists(identity.draft))
        }
    }
}
