import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Catalogue

@Suite("A file of tables")
struct TableFileTests {
    @Test("has nothing of the file that it replaces, though that was left in the middle of a change")
    func replaced() async throws {
        try await withScratch { folder in
            let path = folder / "t.sqlite"
            let sqlite = Tool("sqlite3", package: "sqlite3")
            // Copies of a database and its journals, made while it was open, are what a killed process leaves.
            let copies = ["", "-wal", "-shm"].map { "cp \(path)\($0) \(path)\($0).left" }
            _ = try await sqlite.run([
                path.string,
                "PRAGMA journal_mode = WAL; CREATE TABLE old (a); INSERT INTO old VALUES (1)",
                ".shell \(copies.joined(separator: "; "))",
            ])
            for suffix in ["", "-wal", "-shm"] {
                try FileSystem.rename(
                    folder / "t.sqlite\(suffix).left",
                    to: folder / "t.sqlite\(suffix)"
                )
            }
            try FileSystem.write("rubbish", to: folder / "t.sqlite-journal")
            let file = try TableFile(path)
            let table = ResultTable("fresh", "", [.init("a", .integer, "")])
            try file.create(table)
            var rows: [[ResultTable.Cell?]] = [[.integer(5)]]
            try file.insert(into: "fresh") { rows.popLast() }
            try file.finish()
            #expect(FileSystem.list(folder) == ["t.sqlite"])
            #expect(try await sqlite.run([path.string, "SELECT a FROM fresh"]) == "5\n")
        }
    }
}
