import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing
import Traces

@Suite("A recording is held against its run's record")
struct TraceExaminationTests {
    private let machine = Machine(architecture: .x8664, memory: .mebibytes(64))

    private func codes(
        in folder: HostPath,
        _ change: (inout Recording) throws -> Void = { _ in },
        machine: Machine? = nil
    ) async throws -> [TraceFinding.Code] {
        var recording = try await RecordingCheck.describe("s", in: folder, machine: self.machine)
        try change(&recording)
        let examination = try await TraceExamination.run(
            RecordingFiles(name: "s", in: folder.string),
            recorded: (recording, machine ?? self.machine)
        )
        #expect(examination.check.items.count == 12)
        // This snapshot has no pages, and the log's entries come from wherever.
        let made: [TraceFinding.Code] = [.missingPages, .unknownCallsite]
        return examination.check.findings.map(\.code).filter { !made.contains($0) }
    }

    @Test("what agrees, and each thing that does not")
    func differences() async throws {
        try await withScratch { folder in
            let log = try HandMadeRecording.log()
            let snapshot = HandMadeRecording.snapshotWithoutPages()
            try HandMadeRecording.put("s", log: log, snapshot: snapshot, in: folder)
            #expect(try await codes(in: folder).isEmpty)
            #expect(try await codes(in: folder) { $0.instructions = 999 } == [.otherCounts])
            #expect(try await codes(in: folder) { ($0.instructions, $0.entries) = (1, 1) }.count == 2)
            #expect(try await codes(in: folder) { $0.log = nil } == [.notRecorded])
            let other = Machine(architecture: .x8664, memory: .mebibytes(32))
            #expect(try await codes(in: folder, machine: other) == [.otherMachine])
            // The record is older than the file.
            let changed = try await codes(in: folder) { _ in
                var bytes = log
                bytes[18] ^= 1
                try FileSystem.write(bytes, to: folder / "s-rr-nondet.log")
            }
            #expect(changed == [.otherDigest])
            let longer = try await codes(in: folder) { _ in
                try FileSystem.write(snapshot + Data([0]), to: folder / "s-rr-snp")
            }
            #expect(longer == [.bytesAfterEnd, .otherSize])
        }
    }

    @Test("without a record, what it would tell is not looked at")
    func bare() async throws {
        try await withScratch { folder in
            try HandMadeRecording.put(
                "s",
                log: try HandMadeRecording.log(),
                snapshot: HandMadeRecording.snapshotWithoutPages(),
                in: folder
            )
            let files = RecordingFiles(name: "s", in: folder.string)
            let examination = try await TraceExamination.run(files, recorded: nil)
            let skipped = examination.check.items.filter {
                if case .skipped = $0.outcome { true } else { false }
            }
            #expect(skipped.map(\.name).contains("record: digests"))
            #expect(examination.log?.finalInstructionCount == 1000)
        }
    }
}
