import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Catalogue

@Suite("The catalogue and the run folders")
struct RefreshTests {
    @Test("what is new, changed, gone and damaged is found; what is as it was is not read")
    func refresh() async throws {
        try await withCollection { collection in
            for name in ["a", "b", "c"] { try makeRun(name, in: collection) }
            let catalogue = try Catalogue(collection: collection)
            #expect(try catalogue.runs().count == 3)
            #expect(try catalogue.refresh() == .init(folders: 3, read: 0, removed: 0, damaged: 0))
            try FileSystem.remove(collection / "runs/a")
            try makeRun("b", in: collection, state: .failed)
            try makeRun("d", in: collection, state: .ready)
            try FileSystem.write("{", to: collection / "runs/c/run.json")
            #expect(try catalogue.refresh() == .init(folders: 3, read: 3, removed: 1, damaged: 1))
            let states = try catalogue.runs().reduce(into: [:]) { $0[$1.id] = $1.state }
            #expect(states == ["b": .failed, "c": .damaged, "d": .ready])
            #expect(try catalogue.run("c")?.reason?.contains("run.json") == true)
            #expect(try catalogue.rebuild() == .init(folders: 3, read: 3, removed: 0, damaged: 1))
        }
    }

    @Test(
        "files, folders that begin with a dot, and a run that is only begun are no runs; others say what they lack"
    )
    func foreign() async throws {
        try await withCollection { collection in
            try FileSystem.write("x", to: collection / "runs/notes.txt")
            try FileSystem.createDirectory(collection / "runs/.draft")
            try FileSystem.createDirectory(collection / "runs/young")
            try FileSystem.createDirectory(collection / "runs/my notes")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -100)],
                ofItemAtPath: (collection / "runs/my notes").string
            )
            try makeRun("future", in: collection)
            let record = collection / "runs/future/run.json"
            let text = try FileSystem.readText(record).replacing("\"schema\" : 1", with: "\"schema\" : 2")
            try FileSystem.write(text, to: record)
            let catalogue = try Catalogue(collection: collection)
            let runs = try catalogue.runs().sorted { $0.id < $1.id }
            #expect(runs.map(\.id) == ["future", "my notes"])
            #expect(runs.map(\.state) == [.damaged, .damaged])
            #expect(runs.first?.reason?.contains("schema 2") == true)
            #expect(runs.last?.reason?.contains("no run.json") == true)
        }
    }

    @Test("of a run's record, damaged in whatever way, a run is made, sound or damaged")
    func damagedRecords() async throws {
        try await withCollection { collection in
            let (_, folder) = try makeRun("a", in: collection)
            let whole = Array(try FileSystem.read(folder.record))
            let catalogue = try Catalogue(collection: collection)
            var random = SeededGenerator(seed: 11)
            for _ in 0..<150 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: bytes.indices, using: &random)] = .random(
                        in: 0...255,
                        using: &random
                    )
                }
                bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count * 2, using: &random)))
                try Data(bytes).write(to: URL(fileURLWithPath: folder.record.string))
                let result = try catalogue.rebuild()
                let run = try #require(try catalogue.run("a"))
                #expect(result.read == 1 && (run.state == .damaged) == (result.damaged == 1))
                #expect((run.state == .damaged) == ((try? RunRecord.read(from: folder)) == nil))
            }
        }
    }

    @Test("a catalogue that is damaged in whatever way is put aside or repaired, and nothing is lost")
    func damagedCatalogue() async throws {
        try await withCollection { collection in
            for number in 0..<20 { try makeRun("r\(number)", in: collection) }
            let file = Catalogue.file(in: collection)
            _ = try Catalogue(collection: collection)
            let whole = Array(try FileSystem.read(file))
            var random = SeededGenerator(seed: 13)
            var aside = 0
            for number in 0..<60 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...64, using: &random) {
                    bytes[Int.random(in: bytes.indices, using: &random)] = .random(
                        in: 0...255,
                        using: &random
                    )
                }
                if number % 3 == 0 {
                    bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
                }
                for suffix in ["", "-wal", "-shm"] { try FileSystem.remove(HostPath(file.string + suffix)) }
                try Data(bytes).write(to: URL(fileURLWithPath: file.string))
                let catalogue = try Catalogue(collection: collection)
                // As 'catalog rebuild' does: what opening does not see, the whole check does.
                _ = try catalogue.rebuild()
                #expect(try catalogue.runs().count == 20)
                for name in FileSystem.list(collection) where name.contains("damaged") {
                    aside += name.hasSuffix("-wal") || name.hasSuffix("-shm") ? 0 : 1
                    try FileSystem.remove(collection / name)
                }
            }
            #expect(aside > 10)
        }
    }

    @Test("a catalogue of a newer version, or another program's database, is put aside and not lost")
    func foreignCatalogue() async throws {
        try await withCollection { collection in
            try makeRun("a", in: collection)
            let file = Catalogue.file(in: collection)
            do { _ = try Catalogue(collection: collection) }
            for statement in [
                "INSERT INTO grdb_migrations VALUES ('99')", "PRAGMA application_id = 1", "DROP TABLE runs",
            ] {
                try await Tool("sqlite3", package: "sqlite3").run([file.string, statement])
                let catalogue = try Catalogue(collection: collection)
                #expect(try catalogue.runs().map(\.id) == ["a"], "\(statement)")
            }
            let aside = FileSystem.list(collection).filter {
                $0.hasPrefix("catalog.sqlite.damaged-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm")
            }
            #expect(aside.count == 3, "\(aside)")
        }
    }

    @Test("whoever had it open when it was put aside goes on in the new one")
    func putAside() async throws {
        try await withCollection { collection in
            let (record, folder) = try makeRun("a", in: collection)
            let fleet = try Catalogue(collection: collection)
            _ = try CatalogueStore.putAside(Catalogue.file(in: collection))
            let other = try Catalogue(collection: collection)
            try fleet.enter(record, in: folder)
            #expect(try other.changes(since: 0).last?.number == (try fleet.lastChange()))
            #expect(try fleet.runs().count == 1)
        }
    }

    @Test("a file that is damaged while it is used is put aside, and what was to be done is done")
    func healing() async throws {
        try await withCollection { collection in
            for number in 0..<300 { try makeRun("r\(number)", in: collection, state: .failed) }
            do { _ = try Catalogue(collection: collection) }
            let file = Catalogue.file(in: collection)
            var bytes = Array(try FileSystem.read(file))
            // Beyond what opening looks at.
            for place in 8 * 4096..<bytes.count { bytes[place] = 0xEE }
            try Data(bytes).write(to: URL(fileURLWithPath: file.string))
            let catalogue = try Catalogue(collection: collection)
            let (record, folder) = try makeRun("new", in: collection)
            try catalogue.enter(record, in: folder)
            #expect(try catalogue.runs().count == 301)
            #expect(FileSystem.list(collection).contains { $0.hasPrefix("catalog.sqlite.damaged-") })
        }
    }

    @Test("many processes enter runs at once, and none is lost")
    func several() async throws {
        try await withCollection { collection in
            let runs = try (0..<200).map { try makeRun("r\($0)", in: collection, state: .starting) }
            let catalogues = try (0..<4).map { _ in try Catalogue(collection: collection) }
            for catalogue in catalogues { try catalogue.remove(runs.map { "\($0.record.id)" }) }
            let start = try catalogues[0].lastChange()
            try await withThrowingTaskGroup { group in
                for (number, catalogue) in catalogues.enumerated() {
                    group.addTask {
                        for run in runs.dropFirst(number * 50).prefix(50) {
                            try catalogue.enter(run.record, in: run.folder)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try catalogues[3].runs().count == 200)
            let numbers = try catalogues[1].changes(since: start).map(\.number)
            #expect(numbers == Array(start + 1...start + 200))
        }
    }

    @Test("where there can be no catalogue, the folders are read")
    func noCatalogue() async throws {
        try await withCollection { collection in
            try makeRun("a", in: collection)
            try FileSystem.createDirectory(Catalogue.file(in: collection))
            #expect(throws: Failure.self) { try Catalogue(collection: collection) }
            let catalogue = try Catalogue.looking(at: collection, console: Console(.quiet))
            #expect(catalogue.access == .folders)
            #expect(try catalogue.runs().map(\.id) == ["a"])
        }
    }
}
