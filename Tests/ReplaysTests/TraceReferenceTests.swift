import HostSupport
import Replays
import RunRecords
import TestSupport
import Testing

@Suite struct TraceReferenceTests {
    /// A collection with the runs 'one', of two recordings, and 'none', of no recording.
    private func withCollection(_ body: (HostPath) async throws -> Void) async throws {
        try await withScratch { collection in
            for (name, recordings) in [("one", ["s_000", "s_001"]), ("none", [])] {
                let id = try RunID(named: name)
                let folder = RunFolder(collection: collection, id: id)
                var record = try plannedRecord(name)
                if recordings.isEmpty {
                    try record.become(.failed, because: "the disk was full")
                } else {
                    for state in [RunState.starting, .ready, .recorded] { try record.become(state) }
                }
                record.recordings = recordings.map { name in
                    var recording = Recording(name: name, structure: .complete)
                    recording.snapshot = .init(name: "\(name)-rr-snp", bytes: 1, sha256: "")
                    recording.log = .init(name: "\(name)-rr-nondet.log", bytes: 1, sha256: "")
                    return recording
                }
                try FileSystem.createDirectory(folder.recordings)
                for name in recordings {
                    for end in ["-rr-snp", "-rr-nondet.log"] {
                        try FileSystem.write("", to: folder.recordings / (name + end))
                    }
                }
                try FileSystem.write("", to: folder.engineLog)
                try record.write(to: folder)
            }
            try await body(collection)
        }
    }

    @Test(arguments: [
        ("runs/one", 2), ("runs/one/", 2), ("runs/one/run.json", 2), ("runs/one/rr", 2),
        ("runs/one/engine.log", 2),
        ("runs/one/rr/s_000", 1), ("runs/one/rr/s_001-rr-snp", 1), ("runs/one/rr/s_001-rr-nondet.log", 1),
    ])
    func aRunAndItsPartsAreFound(_ name: String, _ count: Int) async throws {
        try await withCollection { collection in
            let trace = try await TraceReference((collection / name).string, collection: "/none")
            #expect(trace.folder == RunFolder(collection / "runs/one"))
            #expect(trace.record.id.description == "one")
            #expect(trace.recordings.count == count)
            if count == 1 { #expect(HostPath(name).name.hasPrefix(trace.recordings[0].name)) }
        }
    }

    @Test func aRunsIdIsLookedUpInTheCollection() async throws {
        try await withCollection { collection in
            let trace = try await TraceReference("one", collection: collection)
            #expect(trace.recordings.count == 2)
            await #expect(throws: Failure.self) { try await TraceReference("one", collection: "/none") }
        }
    }

    /// Seen from inside a run's folder, another run's id must not mean this one.
    @Test(arguments: ["runs/one/two", "runs/one/rr/x/y", "runs/one/s_000", "runs", "runs/two", "", "/"])
    func whatIsNoTraceIsNone(_ name: String) async throws {
        try await withCollection { collection in
            let name = name.hasPrefix("runs") ? (collection / name).string : name
            let failure = await #expect(throws: Failure.self) {
                try await TraceReference(name, collection: collection)
            }
            #expect(failure?.code == .notFound)
            #expect(failure?.message.hasPrefix("'\(name)' is no trace") == true, "\(failure?.message ?? "")")
        }
    }

    @Test func aRecordingThatIsNotThereIsNamed() async throws {
        try await withCollection { collection in
            let failure = await #expect(throws: Failure.self) {
                try await TraceReference((collection / "runs/one/rr/s_002").string, collection: collection)
            }
            #expect(failure?.message == "the run has no recording 's_002'")
        }
    }

    @Test func aRunWithoutRecordingsTellsWhyItFailed() async throws {
        try await withCollection { collection in
            let failure = await #expect(throws: Failure.self) {
                try await TraceReference("none", collection: collection)
            }
            #expect(failure?.message == "the run none has no recording")
            #expect(failure?.hint == "the run failed: the disk was full")
        }
    }

    @Test func aRunWhoseProcessDiedIsLeftAsItIsWhereOnlyItsRecordIsRead() async throws {
        try await withCollection { collection in
            let folder = RunFolder(collection: collection, id: try RunID(named: "dead"))
            var record = try plannedRecord("dead")
            try record.become(.starting)
            try FileSystem.createDirectory(folder.path)
            try record.write(to: folder)
            let text = try FileSystem.read(folder.record)
            let failure = #expect(throws: Failure.self) { try TraceSource(asRecordedIn: folder) }
            #expect(failure?.code == .timeout)
            #expect(
                try FileSystem.read(folder.record) == text && FileSystem.list(folder.path) == ["run.json"]
            )
            let whole = try TraceSource(asRecordedIn: RunFolder(collection / "runs/one"))
            #expect(whole.items.map(\.name) == ["s_000", "s_001"])
        }
    }
}
