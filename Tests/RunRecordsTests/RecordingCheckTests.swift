import Foundation
import Glibc
import HostSupport
import RunRecords
import TestSupport
import Testing
import Traces

@Suite struct RecordingCheckTests {
    private let machine = Machine(architecture: .x8664, memory: .mebibytes(64))

    @Test func aWholeRecordingIsDescribedAndCanBeReplayed() async throws {
        try await withScratch { folder in
            try HandMadeRecording.put(
                "s_000",
                log: try HandMadeRecording.log(),
                snapshot: HandMadeRecording.snapshot(),
                in: folder
            )
            #expect(try RecordingCheck.names(in: folder) == ["s_000"])
            let recording = try await RecordingCheck.describe("s_000", in: folder, machine: machine)
            #expect(recording.structure == .complete && recording.problem == nil)
            #expect(recording.instructions == 1000 && recording.entries == 3)
            #expect(recording.log?.name == "s_000-rr-nondet.log")
            #expect(recording.log?.bytes == UInt64(try HandMadeRecording.log().count))
            #expect(recording.snapshot?.sha256 == (try await Digest.sha256(folder / "s_000-rr-snp")))
            try RecordingCheck.requireReplayable("s_000", in: folder, machine: machine)
        }
    }

    private struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let structure: Recording.Structure
        let words: String
        let log: @Sendable (Data) -> Data?
        var snapshot: @Sendable (Data) -> Data? = { $0 }
        var memory = ByteSize.mebibytes(64)
    }

    private static let cases = [
        Case(testDescription: "cut", structure: .notEnded, words: "cut after 2 whole entries") {
            $0.dropLast(3)
        },
        Case(testDescription: "junk", structure: .damaged, words: "damaged") { $0 + Data([1, 2, 3]) },
        Case(testDescription: "no log", structure: .damaged, words: "rr-nondet.log") { _ in nil },
        Case(testDescription: "empty log", structure: .notEnded, words: "cut") { _ in Data() },
        Case(
            testDescription: "no snapshot",
            structure: .damaged,
            words: "rr-snp",
            log: { $0 },
            snapshot: { _ in nil }
        ),
        Case(
            testDescription: "cut snapshot",
            structure: .damaged,
            words: "cut",
            log: { $0 },
            snapshot: { $0.dropLast() }
        ),
        Case(
            testDescription: "no snapshot's bytes",
            structure: .damaged,
            words: "QEVM",
            log: { $0 },
            snapshot: { _ in Data("not a snapshot".utf8) }
        ),
        Case(
            testDescription: "other memory",
            structure: .damaged,
            words: "recorded with 64.0 MiB of memory and cannot be replayed with 128.0 MiB",
            log: { $0 },
            memory: .mebibytes(128)
        ),
        Case(
            testDescription: "absurd memory",
            structure: .damaged,
            words: "cannot be replayed with 16.0 EiB",
            log: { $0 },
            memory: ByteSize(bytes: .max)
        ),
    ]

    @Test(arguments: cases)
    private func whatIsNotWholeIsSaid(_ one: Case) async throws {
        try await withScratch { folder in
            try HandMadeRecording.put(
                "s",
                log: one.log(try HandMadeRecording.log()),
                snapshot: one.snapshot(HandMadeRecording.snapshot()),
                in: folder
            )
            let machine = machine.with(memory: one.memory)
            let recording = try await RecordingCheck.describe("s", in: folder, machine: machine)
            #expect(recording.structure == one.structure)
            #expect(recording.problem?.contains(one.words) == true, "\(recording.problem ?? "no problem")")
            let failure = #expect(throws: Failure.self) {
                try RecordingCheck.requireReplayable("s", in: folder, machine: machine)
            }
            #expect(failure?.code == .badData)
            #expect(failure?.message.contains(one.words) == true)
        }
    }

    @Test func aRecordingThatTheEngineDidNotEndIsNotWhole() async throws {
        try await withScratch { folder in
            try HandMadeRecording.put(
                "s",
                log: try HandMadeRecording.log(ended: false),
                snapshot: HandMadeRecording.snapshot(),
                in: folder
            )
            #expect(
                try await RecordingCheck.describe("s", in: folder, machine: machine).structure == .notEnded
            )
        }
    }

    /// The folder is the engine's, which a guest may have taken over.
    @Test(arguments: ["s-rr-snp", "s-rr-nondet.log"], ["/dev/zero", "outside", "pipe"])
    func whatWasPlantedIsNeitherReadNorWaitedFor(_ name: String, _ target: String) async throws {
        try await withScratch { scratch in
            let folder = scratch / "rr"
            try FileSystem.createDirectory(folder)
            try HandMadeRecording.put(
                "s",
                log: try HandMadeRecording.log(),
                snapshot: HandMadeRecording.snapshot(),
                in: folder
            )
            try FileSystem.rename(folder / name, to: scratch / "outside")
            if target == "pipe" {
                try #require(mkfifo((folder / name).string, 0o600) == 0)
            } else {
                try #require(
                    symlink(target == "outside" ? "../outside" : target, (folder / name).string) == 0
                )
            }
            #expect(try RecordingCheck.names(in: folder) == ["s"])
            let recording = try await withDeadline(.seconds(10), "it was not described") {
                try await RecordingCheck.describe("s", in: folder, machine: machine)
            }
            #expect(recording.structure == .damaged)
            #expect((name.hasSuffix("snp") ? recording.snapshot : recording.log) == nil)
        }
    }
}
