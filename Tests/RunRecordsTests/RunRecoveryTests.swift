import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite struct RunRecoveryTests {
    /// A run whose record stands at `state`, as the process that makes it has left it.
    private func withRun(at states: [RunState], _ body: (RunFolder) async throws -> Void) async throws {
        try await withScratch { path in
            let folder = RunFolder(path)
            var record = try plannedRecord("one")
            for state in states { try record.become(state) }
            try FileSystem.createDirectory(folder.recordings)
            try record.write(to: folder)
            try await body(folder)
        }
    }

    @Test(
        arguments: [[], [.starting], [.starting, .ready], [.starting, .ready, .recording]] as [[RunState]]
    )
    func aRunWhoseProcessDiedHasWhatItRecorded(_ states: [RunState]) async throws {
        try await withRun(at: states) { folder in
            try HandMadeRecording.put(
                "s_000",
                log: try HandMadeRecording.log(),
                snapshot: HandMadeRecording.snapshot(),
                in: folder.recordings
            )
            let record = try await RunRecovery.read(folder)
            #expect(record.state == .recorded)
            #expect(record.recordings.map(\.name) == ["s_000"])
            #expect(record.warnings.count == 1)
            #expect(try RunRecord.read(from: folder).state == .recorded, "it is written down")
        }
    }

    @Test func aRunWhoseProcessDiedWithNothingRecordedHasFailed() async throws {
        try await withRun(at: [.starting]) { folder in
            let record = try await RunRecovery.read(folder)
            #expect(record.state == .failed)
            #expect(record.reason?.contains("died") == true)
        }
    }

    @Test func aRunThatGoesOnIsLeftAlone() async throws {
        try await withRun(at: [.starting, .ready]) { folder in
            let lock = try FileLock(folder.lock)
            let failure = await #expect(throws: Failure.self) { try await RunRecovery.read(folder) }
            #expect(failure?.code == .timeout)
            #expect(failure?.message.contains("still going on (ready)") == true)
            #expect(try RunRecord.read(from: folder).state == .ready)
            withExtendedLifetime(lock) {}
        }
    }

    @Test(arguments: [[.starting, .ready, .recorded], [.failed]] as [[RunState]])
    func aRunThatIsOverIsOnlyRead(_ states: [RunState]) async throws {
        try await withRun(at: states) { folder in
            let before = try FileSystem.readText(folder.record)
            #expect(try await RunRecovery.read(folder).state == states.last)
            #expect(try FileSystem.readText(folder.record) == before)
        }
    }
}
